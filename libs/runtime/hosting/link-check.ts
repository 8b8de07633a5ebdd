/** At boot: every answer that a screen offers as a link is one that its class takes, so that no message offers what will be refused. */
import { findNonJson, StepwellError } from '@stepwell/contracts';
import type { WorkflowCatalog } from '@stepwell/engine';
import { type AnyScreen, type ScreenLink, type Type, validated } from '@stepwell/sdk';
import type { Handlers } from '../worker/host.js';

/** More is a form, and that is behind the task's own link. */
const MOST_LINKS = 5;
const MAX_LABEL = 40;

/** @throws StepwellError OPTION_INVALID, naming the screen and the link */
export async function checkLinks(catalog: WorkflowCatalog, handlers: Pick<Handlers, 'screen'>): Promise<void> {
  const screens = new Set<Type<AnyScreen>>();
  for (const { graph } of catalog.served())
    for (const { definition } of graph.byPath.values()) if (definition.kind === 'screen') screens.add(definition.screen);
  for (const type of screens) {
    const { answer, links = [] } = handlers.screen(type);
    if (links.length > MOST_LINKS) throw refused(type, `it offers ${links.length} links; at most ${MOST_LINKS}.`);
    for (const link of links as readonly ScreenLink<unknown>[]) await checkLink(type, answer as Type<object>, link);
  }
}

async function checkLink(screen: Type<AnyScreen>, type: Type<object>, { label, answer }: ScreenLink<unknown>): Promise<void> {
  if (typeof label !== 'string' || label.trim() === '' || label.length > MAX_LABEL)
    throw refused(screen, `the label of a link is "${String(label)}"; it has 1 to ${MAX_LABEL} characters.`);
  const bad = findNonJson(answer);
  if (bad) throw refused(screen, `the answer of its link "${label}" is not JSON: at ${bad.path}, ${bad.reason}.`);
  const checked = await validated(type, answer);
  if (checked.ok) return;
  const problems = checked.fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw refused(screen, `the answer of its link "${label}" does not fit ${type.name} (${problems}).`);
}

function refused(screen: Type<AnyScreen>, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where: `Screen ${screen.name}`, reason });
}
