// The rows link to their runs by plain addresses; a click on one goes through the router, unless another tab or window is wanted.
import { useNavigate, useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';

const PATH = /^\/runs\/([0-9a-f-]{36})$/;

export function runAddress(id: string): string {
  return `/runs/${id}`;
}

/** For whatever stands around the links. */
export function useRunLinks() {
  const navigate = useNavigate();
  const router = useRouter();
  const runOf = ({ target }: MouseEvent) => {
    const link = target instanceof HTMLElement ? target.closest('a') : null;
    return PATH.exec(link?.getAttribute('href') ?? '')?.[1];
  };
  return {
    onClick: (event: MouseEvent) => {
      const runId = runOf(event);
      if (!runId || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      void navigate({ to: '/runs/$runId', params: { runId } });
    },
    /** The page of a run is loaded when somebody points at one. */
    onMouseOver: (event: MouseEvent) => {
      const runId = runOf(event);
      if (runId) void router.loadRouteChunk(router.routesById['/runs/$runId']);
    },
  };
}
