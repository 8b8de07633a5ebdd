export { EventLoop } from './event-loop.js';
export { EventRouter, type EventRouterOptions } from './event-router.js';
export { type DeliveryView, type EmitRequest, EventService, type EventView } from './event-service.js';
export { TriggerRegistry } from './trigger-registry.js';
