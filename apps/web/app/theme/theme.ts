// Dense and calm: 13 px text, hairlines instead of shadows, one accent. Components get their defaults here, once.
import { ActionIcon, Alert, Badge, Button, createTheme, Fieldset, Input, Loader, Modal, Notification, Tooltip } from '@mantine/core';
import { BUSY_KEEPS_FOCUS } from './busy-button.js';
import { dark, gray, well } from './palette.js';

const SYSTEM_FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", "Helvetica Neue", Arial, sans-serif';

const ALERT_COLORS: Readonly<Record<string, string>> = { red: 'var(--tone-bad)', yellow: 'var(--tone-warn)' };

export const theme = createTheme({
  primaryColor: 'well',
  primaryShade: { light: 8, dark: 7 },
  colors: { well, gray, dark },
  fontFamily: `"Inter Variable", ${SYSTEM_FONTS}`,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, "Liberation Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.35' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm', ...BUSY_KEEPS_FOCUS }, styles: { label: { fontWeight: 550 } } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md', ...BUSY_KEEPS_FOCUS } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm' }, styles: { root: { textTransform: 'none', fontWeight: 550 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, withArrow: true, fz: 'xs', events: { hover: true, focus: true, touch: true } },
    }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.5 }, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    }),
    // A wash of the colour, not a block of it: a page may show several.
    Alert: Alert.extend({
      vars: (_theme, { color }) => ({
        root: {
          '--alert-color': ALERT_COLORS[color ?? ''] ?? 'var(--accent)',
          '--alert-bg': 'color-mix(in srgb, var(--alert-color) 9%, transparent)',
        },
      }),
      styles: { title: { fontSize: '13px', lineHeight: 1.5 }, body: { rowGap: 2 }, message: { fontSize: '13px' } },
    }),
    Fieldset: Fieldset.extend({ styles: { legend: { fontSize: 13, fontWeight: 600 } } }),
    InputWrapper: Input.Wrapper.extend({
      styles: {
        label: { fontWeight: 550, marginBottom: 4 },
        description: { fontSize: 12, marginBottom: 4 },
        // A field may have several, each on its line.
        error: { fontSize: 12, whiteSpace: 'pre-line' },
      },
    }),
    // The announcer reads it, once; as an alert it would be read again whenever anything in it changes.
    Notification: Notification.extend({ defaultProps: { role: 'group', closeButtonProps: { 'aria-label': 'Dismiss' } } }),
    Loader: Loader.extend({ defaultProps: { type: 'dots' } }),
  },
});
