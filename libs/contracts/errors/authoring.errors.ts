import type { ErrorEntry } from './error-entry.js';

/** What is wrong with a workflow, found at boot. */
export const AUTHORING = {
  WORKFLOW_DUPLICATE: {
    message: 'Two workflows are "{workflow}" ({first} and {second}). Rename one of them, or give it another version.',
    http: 500,
    retryable: false,
  },
  GRAPH_CHANGED: {
    message:
      'The graph of "{workflow}" version {version} is not the one that was released: {changes}. Runs of it may be waiting. Raise its version, and host version {version} beside it as it was; or, if it was never deployed, write it down anew: npm run graphs -- --update.',
    http: 500,
    retryable: false,
  },
  STEP_DUPLICATE: {
    message: 'Workflow "{workflow}" has two nodes with id "{id}". Give one of them its own id: .then(Handler, {{ id: "..." }}).',
    http: 500,
    retryable: false,
  },
  HANDLER_MISSING: {
    message: 'Workflow "{workflow}" uses {handler}, but no module provides it. Add {handler} to the providers of its @WorkflowModule.',
    http: 500,
    retryable: false,
  },
  HANDLER_DUPLICATE: {
    message: 'Two handlers have the id "{id}": {first} of {firstModule} and {second} of {secondModule}. Rename one in its decorator.',
    http: 500,
    retryable: false,
  },
  HANDLER_UNRESOLVED: {
    message: '{handler} cannot be built: nothing fills its {argument}. {advice}',
    http: 500,
    retryable: false,
  },
  CALENDAR_DUPLICATE: {
    message:
      'Two calendars are named "{name}" and differ in {differences}: {first}, and {second}. Declare it once, in workflows/{name}.calendar.ts, and import it in both; or rename one.',
    http: 500,
    retryable: false,
  },
  BRANCH_EMPTY: {
    message: 'Workflow "{workflow}": {problem}. Add a node to it, or leave it out.',
    http: 500,
    retryable: false,
  },
  EVENT_UNKNOWN: {
    message:
      'Workflow "{workflow}" listens to event "{event}", which nobody emits. Check the name; list it in the events of the module whose handler emits it; or declare it with event("{event}", {{ external: true }}).',
    http: 500,
    retryable: false,
  },
  PROCESSOR_UNKNOWN: {
    message: 'Emitter "{workflow}" feeds the workflow "{processor}", which is not hosted. Check the name.',
    http: 500,
    retryable: false,
  },
  EVIDENCE_INVALID: { message: 'The evidence for field "{path}" cannot be shown: {reason}.', http: 500, retryable: false },
  OPTION_INVALID: { message: '{where}: {reason}', http: 500, retryable: false },
  POLICY_MISSING: {
    message: '{where} declares no policy. Add @Policy("public"), @Policy("signed") or @Policy(<role>) to it or to its class.',
    http: 500,
    retryable: false,
  },
} as const satisfies Record<string, ErrorEntry>;
