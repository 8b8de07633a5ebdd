// The versions of Node that Stepwell runs on: what the locked packages accept, and `engines` in package.json says the same. This file and
// start.mjs must parse on much older ones, or the sentence below is never read.

/** The oldest minor of each major that has one; between and before them is nothing, from NEWEST on everything. */
const MINORS = { 20: 19, 22: 13 };
const NEWEST = 24;

/** The one line to print when this Node is not one of them; undefined when it will do. */
export function nodeVersionError(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major >= NEWEST || minor >= MINORS[major]) return undefined;
  return `Stepwell did not start: this is Node ${version} and Stepwell needs 20.19 or newer, 22.13 or newer, or 24 and later. Install one from https://nodejs.org and start again.`;
}

export function requireNode() {
  const error = nodeVersionError(process.versions.node);
  if (!error) return;
  console.error(error);
  process.exit(1);
}
