import { actorOf, type Viewer } from '@stepwell/access';
import type { TaskComment, TaskComments, TaskHistoryEntry, TaskPermissions, TaskInShort, TaskService, TaskView } from '@stepwell/tasks';
import DataLoader from 'dataloader';

export interface TaskLoaders {
  readonly task: DataLoader<string, TaskView | null>;
  readonly tasksOfRun: DataLoader<string, readonly TaskInShort[]>;
  readonly taskLeftToNobody: DataLoader<string, boolean>;
  readonly taskHistory: DataLoader<string, readonly TaskHistoryEntry[]>;
  readonly taskComments: DataLoader<string, readonly TaskComment[]>;
  readonly isTaskForOthers: DataLoader<string, boolean>;
}

export interface TaskSources {
  readonly tasks: TaskService;
  readonly comments: TaskComments;
  readonly permissions: TaskPermissions;
}

export function taskLoaders({ tasks, comments, permissions }: TaskSources, viewer: Viewer): TaskLoaders {
  const { tenant } = viewer;
  return {
    task: new DataLoader(async (ids) => {
      const found = await tasks.find(tenant, ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    tasksOfRun: new DataLoader(async (runs) => {
      const found = await tasks.ofRuns(tenant, runs);
      return runs.map((id) => found.get(id) ?? []);
    }),
    taskLeftToNobody: new DataLoader(async (ids) => {
      const found = await tasks.leftToNobody(tenant, ids);
      return ids.map((id) => found.has(id));
    }),
    taskHistory: new DataLoader(async (ids) => {
      const found = await tasks.history(tenant, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
    taskComments: new DataLoader(async (ids) => {
      const found = await comments.of(tenant, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
    isTaskForOthers: new DataLoader(async (ids) => {
      const found = await permissions.forOthers(tenant, ids, actorOf(viewer));
      return ids.map((id) => found.has(id));
    }),
  };
}
