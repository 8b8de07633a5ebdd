/**
 * Fields of an input that hold documents, and fields that a form does not show. A document travels as its reference; the decorators check
 * the reference's shape, and the start checks the document behind it: that it is there, of the same tenant, and within the field's limits.
 */
import 'reflect-metadata';
import { StepwellError } from '@stepwell/contracts';
import { registerDecorator, type ValidationArguments } from 'class-validator';
import type { DocumentReference } from './documents.js';
import { type OptionNames, refuseUnknown } from './known-options.js';

export interface DocumentFieldOptions {
  /** Media types, such as `application/pdf` or `image/*`; by default those of the installation. */
  readonly types?: readonly string[];
  /** Of each document; by default, and at most, that of the installation. */
  readonly maxBytes?: number;
}

export interface DocumentListFieldOptions extends DocumentFieldOptions {
  readonly minCount?: number;
  readonly maxCount?: number;
}

/** The names under which form-converters knows the decorators' validators. */
export const DOCUMENT_FIELD = 'documentField';
export const DOCUMENT_LIST_FIELD = 'documentListField';

const OPTIONS: OptionNames<DocumentFieldOptions> = { types: true, maxBytes: true };
const LIST_OPTIONS: OptionNames<DocumentListFieldOptions> = { ...OPTIONS, minCount: true, maxCount: true };

const HIDDEN = Symbol('stepwell.hidden-field');
const MEDIA_TYPE = /^[a-z]+\/(\*|[\w.+-]+)$/;
/** As file systems have it. */
const MAX_FILE_NAME = 255;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A field with one document: `@DocumentField({ types: ['application/pdf'] }) report!: DocumentReference`. */
export function DocumentField(options: DocumentFieldOptions = {}): PropertyDecorator {
  return field(DOCUMENT_FIELD, options, isDocumentReference, ({ value }) =>
    isNothing(value) ? 'Needs a file' : 'Needs a document: { id, fileName }',
  );
}

/** An object in which nothing stands is what a form has before a file is chosen. */
function isNothing(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);
}

/** A field with a list of documents: `@DocumentListField({ maxCount: 5 }) scans!: DocumentReference[]`. */
export function DocumentListField(options: DocumentListFieldOptions = {}): PropertyDecorator {
  const { minCount = 0, maxCount = Number.POSITIVE_INFINITY } = options;
  const fits = (value: unknown): boolean =>
    Array.isArray(value) && value.length >= minCount && value.length <= maxCount && value.every(isDocumentReference);
  return field(DOCUMENT_LIST_FIELD, options, fits, ({ value }) => {
    const isList = value == null || (Array.isArray(value) && value.every(isDocumentReference));
    if (!isList) return 'Needs a list of documents: { id, fileName }';
    const count = Array.isArray(value) ? value.length : 0;
    return count > maxCount ? `At most ${counted(maxCount)}` : `At least ${counted(Math.max(1, minCount))}`;
  });
}

/** A field that is part of the input, but that no form shows: who starts by a program fills it. Its other decorators say what it may hold. */
export function HiddenField(): PropertyDecorator {
  return (target, property) => Reflect.defineMetadata(HIDDEN, true, target, property);
}

/** @param prototype of the class that has the field */
export function isHiddenField(prototype: object, property: string): boolean {
  return Reflect.hasMetadata(HIDDEN, prototype, property);
}

export function isDocumentReference(value: unknown): value is DocumentReference {
  if (typeof value !== 'object' || value === null) return false;
  const { id, fileName, ...rest } = value as Readonly<Record<string, unknown>>;
  const isNamed = typeof fileName === 'string' && fileName !== '' && fileName.length <= MAX_FILE_NAME;
  return typeof id === 'string' && UUID.test(id) && isNamed && Object.keys(rest).length === 0;
}

function counted(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

function field(
  name: string,
  options: DocumentListFieldOptions,
  validate: (value: unknown) => boolean,
  defaultMessage: (about: ValidationArguments) => string,
): PropertyDecorator {
  return (target, property) => {
    const where = `${target.constructor.name}.${String(property)}`;
    refuseUnknown(where, options, name === DOCUMENT_FIELD ? (OPTIONS as typeof LIST_OPTIONS) : LIST_OPTIONS, [
      { names: ['minCount', 'maxCount'], place: (option) => `@DocumentListField({ ${option}: ... })` },
    ]);
    for (const type of options.types ?? []) {
      if (!MEDIA_TYPE.test(type))
        throw new StepwellError('OPTION_INVALID', { where, reason: `"${type}" is no media type such as image/png or image/*.` });
    }
    for (const [option, value] of Object.entries(options)) {
      if (typeof value === 'number' && (!Number.isInteger(value) || value < (option === 'minCount' ? 0 : 1)))
        throw new StepwellError('OPTION_INVALID', {
          where,
          reason: `${option} is ${value}, which is no whole number of at least ${option === 'minCount' ? 0 : 1}.`,
        });
    }
    registerDecorator({
      ...{ name, target: target.constructor, propertyName: String(property), constraints: [options] },
      validator: { validate, defaultMessage: (about) => (about ? defaultMessage(about) : name) },
    });
  };
}
