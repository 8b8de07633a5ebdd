/**
 * At boot: every answer that a screen offers, as a link or for many tasks at once, is one that its class takes, so that nobody is offered
 * what will be refused.
 */
import { findNonJson, StepwellError } from '@stepwell/contracts';
import type { WorkflowCatalog } from '@stepwell/engine';
import { type AnyScreen, type ScreenLink, type Type, validated } from '@stepwell/sdk';
import type { Handlers } from '../worker/host.js';

/** More is a form, and that is behind the task's own link. */
const MOST_OFFERED = 5;
const MAX_LABEL = 40;

/** @throws StepwellError OPTION_INVALID, naming the screen and the link */
export async function checkLinks(catalog: WorkflowCatalog, handlers: Pick<Handlers, 'screen'>): Promise<void> {
  const screens = new Set<Type<AnyScreen>>();
  for (const { graph } of catalog.served())
    for (const { definition } of graph.byPath.values()) if (definition.kind === 'screen') screens.add(definition.screen);
  for (const type of screens) {
    const { answer, links = [], bulk = false } = handlers.screen(type);
    await checkOffers(type, answer as Type<object>, 'link', links);
    if (typeof bulk === 'boolean') continue;
    const isList: boolean = Array.isArray(bulk) && bulk.length > 0;
    if (!isList) throw refused(type, 'bulk is true, or a list of answers with a label each.');
    await checkOffers(type, answer as Type<object>, 'bulk answer', bulk);
  }
}

async function checkOffers(
  screen: Type<AnyScreen>,
  type: Type<object>,
  what: string,
  offered: readonly ScreenLink<unknown>[],
): Promise<void> {
  if (offered.length > MOST_OFFERED) throw refused(screen, `it offers ${offered.length} ${what}s; at most ${MOST_OFFERED}.`);
  for (const one of offered) await checkOffer(screen, type, what, one);
}

async function checkOffer(
  screen: Type<AnyScreen>,
  type: Type<object>,
  what: string,
  { label, answer }: ScreenLink<unknown>,
): Promise<void> {
  if (typeof label !== 'string' || label.trim() === '' || label.length > MAX_LABEL)
    throw refused(screen, `the label of a ${what} is "${String(label)}"; it has 1 to ${MAX_LABEL} characters.`);
  const bad = findNonJson(answer);
  if (bad) throw refused(screen, `the answer of its ${what} "${label}" is not JSON: at ${bad.path}, ${bad.reason}.`);
  const checked = await validated(type, answer);
  if (checked.ok) return;
  const problems = checked.fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw refused(screen, `the answer of its ${what} "${label}" does not fit ${type.name} (${problems}).`);
}

function refused(screen: Type<AnyScreen>, reason: string): StepwellError {
  return new StepwellError('OPTION_INVALID', { where: `Screen ${screen.name}`, reason });
}
