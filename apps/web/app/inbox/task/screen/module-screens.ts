// The components that workflows bring along, found at build: each a file of its own, loaded when one of its tasks is opened.
import { lazy, type ComponentType } from 'react';

type ScreenModule = { readonly default?: ComponentType };

const FILES = import.meta.glob<ScreenModule>('../../../../../../workflows/*/screens/*.tsx');
const BY_SCREEN = new Map(Object.entries(FILES).map(([path, load]) => [nameOf(path), { path, load }] as const));
const known = new Map<string, ComponentType>();

/** @param screen the id of the screen's class, which its file is named after */
export function moduleScreen(screen: string): ComponentType | undefined {
  const found = BY_SCREEN.get(screen);
  if (!found) return undefined;
  const component = known.get(screen) ?? lazy(() => found.load().then((module) => ({ default: componentOf(module, found.path) })));
  known.set(screen, component);
  return component;
}

function componentOf({ default: component }: ScreenModule, path: string): ComponentType {
  if (component) return component;
  throw new Error(`${path.replace(/^(\.\.\/)+/, '')} exports no component by default.`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.tsx'.length);
}
