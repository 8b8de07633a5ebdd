import { graphql, type FragmentOf } from '../graphql.js';

const SettingsParts = graphql(`
  fragment NotificationSettingsParts on NotificationSettings {
    available
    address
    isAddressVerified
    channels
    kinds
    rhythm
    dailyAt
    zone
    quietFrom
    quietUntil
    undelivered {
      id
      channel
      attempts
      error
      createdAt
    }
  }
`);

export type NotificationSettings = FragmentOf<typeof SettingsParts>;

export const NotificationSettingsQuery = graphql(
  `
    query NotificationSettings {
      notificationSettings {
        ...NotificationSettingsParts
      }
    }
  `,
  [SettingsParts],
);

export const SaveSettings = graphql(
  `
    mutation SaveNotificationSettings($settings: NotificationSettingsInput!) {
      saveNotificationSettings(settings: $settings) {
        settings {
          ...NotificationSettingsParts
        }
        errors {
          message
          path
        }
      }
    }
  `,
  [SettingsParts],
);

export const SetAddress = graphql(
  `
    mutation SetNotificationAddress($address: String) {
      setNotificationAddress(address: $address) {
        settings {
          ...NotificationSettingsParts
        }
        errors {
          message
          path
        }
      }
    }
  `,
  [SettingsParts],
);

export const ConfirmAddress = graphql(
  `
    mutation ConfirmNotificationAddress($token: String!) {
      confirmNotificationAddress(token: $token) {
        settings {
          ...NotificationSettingsParts
        }
        errors {
          message
        }
      }
    }
  `,
  [SettingsParts],
);

export const RetryNotification = graphql(
  `
    mutation RetryNotification($id: ID!) {
      retryNotification(id: $id) {
        settings {
          ...NotificationSettingsParts
        }
        errors {
          message
        }
      }
    }
  `,
  [SettingsParts],
);
