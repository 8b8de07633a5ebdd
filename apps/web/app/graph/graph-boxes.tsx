// How each shape of a drawing looks. A node tells by its icon what it is, by words what was set, and by a mark how it stands in a run.
import { Handle, Position, type Node, type NodeProps, type NodeTypes } from '@xyflow/react';
import { StatusDot } from '../status/status-badge.js';
import { toneOf } from '../status/status-tone.js';
import { humaniseKey } from '../values/humanise-key.js';
import { PlainRelativeTime } from '../time/relative-time.js';
import type { ChainLine, NodeState } from './graph-state.js';
import { KindIcon } from './kind-icon.js';
import { type BoxShape, CHAIN_LINE } from './lay-out.js';
import { kindWord, optionWords } from './node-words.js';
import classes from './graph.module.css';

export type BoxNode = Node<{
  readonly shape: BoxShape;
  readonly state: NodeState | undefined;
  /** Drawn without a run. */
  readonly isPlan: boolean;
}>;

export const BOX_TYPES: NodeTypes = { leaf: Leaf, frame: Frame, branch: Branch, pass: Pass, terminal: Terminal };

type BoxProps = NodeProps<BoxNode>;

function Leaf({ data: { shape, state, isPlan }, selected }: BoxProps) {
  if (shape.is !== 'leaf') return null;
  const { node } = shape;
  // What a step is, its icon tells: there is little room.
  const options = optionWords(node);
  const words = [...(node.kind === 'step' && options.length > 0 ? [] : [kindWord(node.kind)]), ...options].join(' · ');
  return (
    <div className={classes.leaf} data-kind={node.kind} {...look(state, isPlan, selected)}>
      <div className={classes.top}>
        <KindIcon kind={node.kind} />
        <span className={classes.words}>
          <span className={classes.label} title={node.label}>
            {node.label}
          </span>
          <span className={classes.soft} title={words}>
            {words}
          </span>
        </span>
        <Mark state={state} />
      </div>
      <Chain lines={state?.chain} />
      <Ends />
    </div>
  );
}

function Frame({ data: { shape, state, isPlan }, selected }: BoxProps) {
  if (shape.is !== 'frame') return null;
  const { node } = shape;
  const words = [kindWord(node.kind).toLowerCase(), ...optionWords(node)].join(' · ');
  return (
    <div className={classes.frame} data-kind={node.kind} {...look(state, isPlan, selected)}>
      <div className={classes.head}>
        <KindIcon kind={node.kind} />
        <span className={classes.label}>{node.label}</span>
        <span className={`${classes.soft} ${classes.rest}`} title={words}>
          {words}
        </span>
        <Mark state={state} />
      </div>
      <Chain lines={state?.chain} />
      <Ends />
    </div>
  );
}

/** What happens in turn while the node waits. */
function Chain({ lines = [] }: { readonly lines: readonly ChainLine[] | undefined }) {
  if (lines.length === 0) return null;
  return (
    <ol className={classes.chain} style={{ gridAutoRows: CHAIN_LINE }}>
      {lines.map(({ key, status, words, at, note }) => (
        <li key={key} data-status={status} data-next={(status === 'waiting' && at !== null) || undefined}>
          <StatusDot status={status} />
          <span className={classes.step} title={words}>
            {words}
          </span>
          <span className={classes.when}>{at === null ? note : <PlainRelativeTime at={at} />}</span>
        </li>
      ))}
    </ol>
  );
}

function Branch({ data: { shape } }: BoxProps) {
  return shape.is === 'branch' ? (
    <div className={classes.branch} title={shape.label}>
      <span className="ellipsis">{shape.label}</span>
      <Ends />
    </div>
  ) : null;
}

function Pass({ data: { shape } }: BoxProps) {
  return shape.is === 'pass' ? (
    <div className={classes.pass}>
      {shape.label}
      <Ends />
    </div>
  ) : null;
}

function Terminal({ data: { shape } }: BoxProps) {
  return shape.is === 'terminal' ? (
    <div className={classes.terminal}>
      {shape.label}
      <Ends />
    </div>
  ) : null;
}

/** Where lines come in and go out. */
function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className={classes.end} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} className={classes.end} />
    </>
  );
}

function Mark({ state }: { readonly state: NodeState | undefined }) {
  if (!state) return null;
  return (
    <span className={classes.mark} title={humaniseKey(state.status)}>
      {state.note}
      <StatusDot status={state.status} />
    </span>
  );
}

function look(state: NodeState | undefined, isPlan: boolean, isSelected: boolean) {
  return {
    'data-tone': state ? toneOf(state.status) : undefined,
    'data-untouched': (!isPlan && !state) || undefined,
    'data-selected': isSelected || undefined,
  };
}
