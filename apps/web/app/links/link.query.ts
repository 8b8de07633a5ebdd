import { graphql } from '../graphql.js';

export const ApprovalLinkQuery = graphql(`
  query ApprovalLink($token: String!) {
    approvalLink(token: $token) {
      label
      answer
      person
      expiresAt
      taskId
      title
      subject
      instructions
      workflow
      dueAt
      status
      version
      props
    }
  }
`);

export const DecideByLink = graphql(`
  mutation DecideByLink($token: String!, $expectedVersion: Int!) {
    decideByLink(token: $token, expectedVersion: $expectedVersion) {
      decided
      errors {
        code
        message
      }
    }
  }
`);
