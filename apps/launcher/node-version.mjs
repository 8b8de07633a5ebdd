// The oldest Node that Stepwell runs on. This file and start.mjs must parse on much older ones, or the sentence below is never read.
const OLDEST = [20, 19];

/** The one line to print when this Node is too old; undefined when it will do. */
export function nodeVersionError(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `Stepwell did not start: this is Node ${version} and Stepwell needs ${OLDEST.join('.')} or newer. Install it from https://nodejs.org and start again.`;
}

export function requireNode() {
  const error = nodeVersionError(process.versions.node);
  if (!error) return;
  console.error(error);
  process.exit(1);
}
