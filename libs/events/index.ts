export { EventLoop } from './event-loop.js';
export { EVENT_ROUTER_DEFAULTS, EventRouter, type EventRouterOptions } from './event-router.js';
export { type DeliveryView, type EmitRequest, EventService, type EventView } from './event-service.js';
export { TriggerRegistry } from './trigger-registry.js';
