export * from './document-options.js';
export * from './document-store.port.js';
export * from './document-sweeper.js';
export * from './document.service.js';
export * from './postgres/postgres-document-store.js';
export * from './take-documents.js';
export * from './uploads/form-input.js';
export type * from './uploads/read-form.js';
export * from './uploads/uploads.js';
