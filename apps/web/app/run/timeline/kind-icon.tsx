import {
  IconArrowsSplit2,
  IconBroadcast,
  IconClockHour4,
  IconGitBranch,
  IconPoint,
  IconSquareRotated,
  IconStack2,
  IconUserCheck,
} from '@tabler/icons-react';

const ICONS: Readonly<Record<string, typeof IconPoint>> = {
  step: IconSquareRotated,
  screen: IconUserCheck,
  if: IconGitBranch,
  parallel: IconArrowsSplit2,
  wait: IconClockHour4,
  emit: IconBroadcast,
  'emit-records': IconStack2,
};

/** The kind of a node at a glance. */
export function KindIcon({ kind }: { readonly kind: string }) {
  const Icon = ICONS[kind] ?? IconPoint;
  return (
    <span title={kind} style={{ display: 'inline-flex', flex: 'none', opacity: 0.7 }}>
      <Icon size={15} stroke={1.7} aria-hidden="true" />
    </span>
  );
}
