/**
 * From the fields of a form to the input of a workflow. The name of a field is its place: `quantity`, `customer.name` or `customer[name]`,
 * `parts[0].name`, `tags[]` or `tags` again and again for a list. A field named `input` is JSON, and the others are put into it. Text
 * becomes what the input's class declares at that place, or is refused; validation proper comes after that.
 */
import { type FieldError, type Json, type JsonObject, StepwellError } from '@stepwell/contracts';
import { formSchemaOf, type Type } from '@stepwell/sdk';
import type { Form, LimitsOf } from './read-form.js';

/** The field whose text is the beginning of the input. */
const WHOLE = 'input';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

type Path = readonly string[];
type Node = Record<string, unknown> | unknown[];

export class FormInput {
  private readonly schema: JsonObject | undefined;

  /** @param type of the input; without one every text stays a text */
  constructor(type: Type<unknown> | undefined) {
    this.schema = type && (formSchemaOf(type) as JsonObject);
  }

  /** What the field takes, so that a file is refused while it comes. @throws StepwellError INPUT_INVALID where no file is taken */
  readonly limitsOf: LimitsOf = (name) => {
    const field = this.schemaAt(pathOf(name));
    const kind = field?.['x-formFieldType'];
    if (this.schema && kind !== 'file' && kind !== 'multi-file')
      throw refused([{ path: pathText(pathOf(name)), message: 'no file is taken here' }]);
    const { 'x-mediaTypes': types, 'x-maxBytes': maxBytes } = (field ?? {}) as {
      'x-mediaTypes'?: readonly string[];
      'x-maxBytes'?: number;
    };
    return { types, maxBytes };
  };

  /** @throws StepwellError INPUT_INVALID, with the fields whose text is not what is declared */
  inputOf({ fields, files }: Form): Json {
    const problems: FieldError[] = [];
    const input = rootOf(fields.find(({ name }) => name === WHOLE)?.text);
    const put = (name: string, valueOf: (path: Path) => unknown): void => {
      const path = pathOf(name);
      try {
        const value = valueOf(path);
        if (value !== undefined) this.put(input, path, value);
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        problems.push({ path: pathText(path), message: error.message });
      }
    };
    for (const { name, text } of fields) if (name !== WHOLE) put(name, (path) => valueOf(text, this.leafAt(path)));
    for (const { name, document } of files) put(name, () => ({ id: document.id, fileName: document.fileName }));
    if (problems.length > 0) throw refused(problems);
    return input as Json;
  }

  /** The schema of what one field of the form holds: of a list, which is sent item by item, that of an item. */
  private leafAt(path: Path): JsonObject | undefined {
    const schema = this.schemaAt(path);
    return schema && isObject(schema['items']) && path.at(-1) !== '' ? schema['items'] : schema;
  }

  private schemaAt(path: Path): JsonObject | undefined {
    let schema: JsonObject | undefined = this.schema;
    for (const part of path) {
      const { properties, items, 'x-formFieldType': kind } = schema ?? {};
      // Of a list of documents the limits stand beside its items.
      if (kind === 'multi-file') return schema;
      const below: Json | undefined = isObject(items) ? items : isObject(properties) ? properties[part] : undefined;
      schema = isObject(below) ? below : undefined;
    }
    return schema;
  }

  private put(input: Record<string, unknown>, path: Path, value: unknown): void {
    let node: Node = input;
    path.forEach((part, depth) => {
      const isList =
        path[depth + 1] !== undefined ? isIndex(path[depth + 1] ?? '') : this.isListAt(path.slice(0, depth + 1)) && !Array.isArray(node);
      if (depth < path.length - 1) node = childOf(node, part, isList);
      else if (isList) append(childOf(node, part, true), value);
      else set(node, part, value);
    });
  }

  private isListAt(path: Path): boolean {
    return this.schemaAt(path)?.['type'] === 'array';
  }
}

/** What a text cannot be. */
class Unfit extends Error {}

/** @returns `undefined` for nothing, as a form sends a number that nobody filled in */
function valueOf(text: string, schema: JsonObject | undefined): unknown {
  const { type, oneOf } = schema ?? {};
  if (Array.isArray(oneOf)) return oneOf.map((one) => (one as JsonObject)['const']).find((value) => JSON.stringify(value) === text) ?? text;
  if (text === '' && type !== 'string' && type !== undefined) return undefined;
  switch (type) {
    case 'integer':
    case 'number':
      if (!NUMBER.test(text)) throw new Unfit(`"${text}" is no number`);
      return Number(text);
    case 'boolean':
      if (text === 'true' || text === 'on') return true;
      if (text === 'false') return false;
      throw new Unfit(`"${text}" is neither true nor false`);
    case 'object':
    case 'array':
      return jsonOf(text);
    default:
      return text;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unfit('the text is no JSON');
  }
}

function rootOf(text: string | undefined): Record<string, unknown> {
  let root: unknown;
  try {
    root = text === undefined ? {} : JSON.parse(text);
  } catch {
    throw refused([{ path: WHOLE, message: 'the text is no JSON' }]);
  }
  if (typeof root === 'object' && root !== null && !Array.isArray(root)) return root as Record<string, unknown>;
  throw refused([{ path: WHOLE, message: 'an object is needed here' }]);
}

/** `parts[0].name` is parts, 0, name; `tags[]` is tags and an empty part. @throws StepwellError INPUT_INVALID */
function pathOf(name: string): Path {
  const path = name.replaceAll(/\[([^[\].]*)\]/g, '.$1').split('.');
  // The one name that means something else to an object.
  if (path[0] !== '' && !path.includes('__proto__')) return path;
  throw refused([{ path: name, message: 'this is no name of a field' }]);
}

function pathText(path: Path): string {
  return path.filter((part) => part !== '').join('.');
}

function isIndex(part: string): boolean {
  return part === '' || /^\d{1,4}$/.test(part);
}

function childOf(node: Node, part: string, isList: boolean): Node {
  const present = Array.isArray(node) ? (part === '' ? undefined : node[Number(part)]) : Object.hasOwn(node, part) ? node[part] : undefined;
  if (typeof present === 'object' && present !== null) return present as Node;
  if (present !== undefined) throw new Unfit('it is said twice, in two ways');
  const child: Node = isList ? [] : {};
  set(node, part, child);
  return child;
}

function set(node: Node, part: string, value: unknown): void {
  if (!Array.isArray(node)) {
    if (Object.hasOwn(node, part)) throw new Unfit('it is said twice');
    node[part] = value;
  } else if (part === '' || Number(part) === node.length) node.push(value);
  else throw new Unfit(`items of a list are sent in their order; the next one is ${node.length}`);
}

function append(list: Node, value: unknown): void {
  if (!Array.isArray(list)) throw new Unfit('it is said twice, in two ways');
  list.push(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(fields: readonly FieldError[]): StepwellError {
  const reason = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new StepwellError('INPUT_INVALID', { reason: `The input does not fit: ${reason}.` }, { fields });
}
