export { ScheduleRegistry } from './schedule-registry.js';
export { ScheduleService, type ScheduleView, type SlotView } from './schedule-service.js';
export { ScheduleTicker } from './schedule-ticker.js';
export { Scheduler } from './scheduler.js';
