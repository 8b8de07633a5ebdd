import {
  IconAntennaBars5,
  IconArrowBackUp,
  IconArrowsRandom,
  IconArrowsSplit2,
  IconBroadcast,
  IconClockHour4,
  IconFlag3,
  IconGitBranch,
  IconListTree,
  IconMessage2,
  IconPlaylistAdd,
  IconPoint,
  IconRepeat,
  IconRotate,
  IconRoute,
  IconShieldHalf,
  IconSitemap,
  IconSquareRotated,
  IconStack2,
  IconUserCheck,
  IconLifebuoy,
} from '@tabler/icons-react';

const ICONS: Readonly<Record<string, typeof IconPoint>> = {
  step: IconSquareRotated,
  compensation: IconArrowBackUp,
  screen: IconUserCheck,
  if: IconGitBranch,
  router: IconRoute,
  'ab-split': IconArrowsRandom,
  parallel: IconArrowsSplit2,
  'for-each': IconRepeat,
  'for-each-run': IconListTree,
  loop: IconRotate,
  inject: IconPlaylistAdd,
  race: IconFlag3,
  try: IconLifebuoy,
  'cancellation-scope': IconShieldHalf,
  'sub-workflow': IconSitemap,
  wait: IconClockHour4,
  'wait-for-event': IconAntennaBars5,
  'wait-for-signal': IconMessage2,
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
