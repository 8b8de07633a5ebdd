import { Alert, Button, Code } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface ScreenBoundaryProps {
  readonly children: ReactNode;
  /** Shown below the error: work goes on by it. */
  readonly fallback: ReactNode;
}

/** A workflow's own screen that throws, or does not load, takes nothing with it: its error is shown, and the generated form. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <>
        <Alert color="red" variant="light" title="This workflow’s own screen is broken" role="alert" mb="sm">
          The form below does the same. Tell whoever wrote the workflow:
          <Code block mt={6} mb={8}>
            {error.message}
          </Code>
          {/* A module that has failed to load stays so until the page is loaded anew. */}
          <Button size="compact-xs" variant="default" onClick={() => location.reload()}>
            Load the page anew
          </Button>
        </Alert>
        {this.props.fallback}
      </>
    );
  }
}
