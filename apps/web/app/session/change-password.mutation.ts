import { graphql } from '../graphql.js';

export const ChangePassword = graphql(`
  mutation ChangePassword($current: String!, $next: String!) {
    changePassword(current: $current, next: $next) {
      viewer {
        id
        passwordIsOneTime
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
