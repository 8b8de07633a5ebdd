import { useDebouncedValue } from '@mantine/hooks';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { shortId } from '../../runs/short-id.js';
import { useSession } from '../../session/session.js';
import { humaniseKey } from '../../values/humanise-key.js';
import { useWorkflows } from '../../workflows/use-workflows.js';
import { fitting, type PaletteGroup } from './palette-items.js';
import { FindQuery, OpenTasksQuery } from './palette.query.js';
import { recentItems } from './recent-items.js';

/** Long enough that a word is not asked for letter by letter. */
const ASK_AFTER_MS = 150;
/** Of each kind: who has more to choose from types another word. */
const MOST = 6;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Things that fit what was typed, or that one had last. @returns also whether the server is still looking */
export function useFound(typed: string): { readonly groups: readonly PaletteGroup[]; readonly isLooking: boolean } {
  const { viewer } = useSession();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const workflows = useWorkflows();
  const [asked] = useDebouncedValue(typed.trim(), ASK_AFTER_MS);
  const isAsked = asked.length >= 3;
  const [{ data: waiting }] = useQuery({ query: OpenTasksQuery });
  const [{ data, fetching }] = useQuery({
    query: FindQuery,
    variables: { search: asked, id: asked, isId: ID.test(asked) },
    pause: !isAsked,
  });
  const recent: PaletteGroup = {
    title: 'Recent',
    items: recentItems(viewer.id)
      .filter(({ href }) => href !== pathname)
      .map(({ href, title, kind }) => ({
        id: href,
        name: title,
        about: kind,
        choose: () => void navigate({ to: href }),
      })),
  };
  if (typed.trim() === '') return { groups: [recent].filter(({ items }) => items.length > 0), isLooking: false };

  const found = isAsked ? data : undefined;
  const task = (it: { id: string; title: string; subject: string }) => ({
    id: `task ${it.id}`,
    name: it.subject,
    about: it.title,
    choose: () => void navigate({ to: '/inbox/$taskId', params: { taskId: it.id } }),
  });
  const byWords = fitting(
    [
      recent,
      {
        title: 'Workflows',
        items: workflows.map(({ name, title }) => ({
          id: `workflow ${name}`,
          name: title,
          about: name,
          choose: () => void navigate({ to: '/workflows/$name', params: { name } }),
        })),
      },
      { title: 'Tasks', items: waiting?.inbox.edges.map(({ node }) => task(node)) ?? [] },
    ],
    typed,
  ).map(({ title, items }) => ({ title, items: items.slice(0, MOST) }));
  const byKey = [
    { title: 'Task of this id', items: found?.task ? [task(found.task)] : [] },
    {
      title: 'Runs',
      items:
        found?.runs.edges.map(({ node: { id, title, subject, status } }) => ({
          id: `run ${id}`,
          name: `${title} ${shortId(id)}`,
          about: [subject, humaniseKey(status)].filter(Boolean).join(' · '),
          choose: () => void navigate({ to: '/runs/$runId', params: { runId: id } }),
        })) ?? [],
    },
  ].filter(({ items }) => items.length > 0);
  return { groups: [...byKey, ...byWords], isLooking: fetching || asked !== typed.trim() };
}
