// The pages that are loaded when they are opened. The contexts are not among them: they come with the frame.
import type { ComponentType } from 'preact';
import type { Page } from './location';

export type Part = () => Promise<ComponentType>;

export const PARTS: Record<Exclude<Page, 'contexts'>, Part> = {
  streams: async () => (await import('./streams/StreamsPage')).StreamsPage,
  subscriptions: async () => (await import('./cursors/SubscriptionsPage')).SubscriptionsPage,
  queues: async () => (await import('./cursors/QueuesPage')).QueuesPage,
  'dead-letters': async () => (await import('./letters/LettersPage')).LettersPage,
  schedules: async () => (await import('./schedules/SchedulesPage')).SchedulesPage,
  queries: async () => (await import('./queries/QueriesPage')).QueriesPage,
  views: async () => (await import('./views/ViewsPage')).ViewsPage,
  room: async () => (await import('./room/RoomPage')).RoomPage,
};
