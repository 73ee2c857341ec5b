// The schema as we want it. Production is older: see docs/PHASE_2_FINAL_STATUS.md.
import { boolean, integer, jsonb, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';

export const clients = pgTable('clients', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 255 }).notNull(),
  isActive: boolean('is_active').notNull().default(true),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});

export const campaigns = pgTable('campaigns', {
  id: uuid('id').primaryKey().defaultRandom(),
  clientId: uuid('client_id').notNull().references(() => clients.id, { onDelete: 'cascade' }),
  campaignLinkId: varchar('campaign_link_id', { length: 100 }),
  name: varchar('name', { length: 255 }).notNull(),
  campaignType: varchar('campaign_type', { length: 50 }).notNull().default('Standard'),
  messages: jsonb('messages').notNull().default([]),
  isPaused: boolean('is_paused').notNull().default(false),
  totalLeads: integer('total_leads').notNull().default(0),
  messagesSent: integer('messages_sent').notNull().default(0),
  isActive: boolean('is_active').notNull().default(true),
  activeLeadsCount: integer('active_leads_count').notNull().default(0),
  completedLeadsCount: integer('completed_leads_count').notNull().default(0),
  optedOutCount: integer('opted_out_count').notNull().default(0),
  bookedCount: integer('booked_count').notNull().default(0),
  deactivatedAt: timestamp('deactivated_at', { withTimezone: true }),
  lastEnrollmentAt: timestamp('last_enrollment_at', { withTimezone: true }),
  autoDiscovered: boolean('auto_discovered').notNull().default(false),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});

export const leads = pgTable('leads', {
  id: uuid('id').primaryKey().defaultRandom(),
  clientId: uuid('client_id').notNull().references(() => clients.id, { onDelete: 'cascade' }),
  campaignLinkId: uuid('campaign_link_id').references(() => campaigns.id, { onDelete: 'set null' }),
  airtableRecordId: varchar('airtable_record_id', { length: 255 }).notNull().unique(),
  firstName: varchar('first_name', { length: 255 }),
  lastName: varchar('last_name', { length: 255 }),
  email: varchar('email', { length: 255 }),
  phone: varchar('phone', { length: 50 }),
  tags: text('tags').array().notNull().default([]),
  currentMessagePosition: integer('current_message_position').notNull().default(0),
  optedOut: boolean('opted_out').notNull().default(false),
  bookedMeeting: boolean('booked_meeting').notNull().default(false),
  completedAt: timestamp('completed_at', { withTimezone: true }),
  isActive: boolean('is_active').notNull().default(true),
  enrolledAt: timestamp('enrolled_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
});

export const deEnrollmentRuns = pgTable('de_enrollment_runs', {
  id: uuid('id').primaryKey().defaultRandom(),
  clientId: uuid('client_id').notNull().references(() => clients.id, { onDelete: 'cascade' }),
  status: varchar('status', { length: 20 }).notNull().default('running'),
  startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
  finishedAt: timestamp('finished_at', { withTimezone: true }),
  leadsEvaluated: integer('leads_evaluated').notNull().default(0),
  leadsDeEnrolled: integer('leads_de_enrolled').notNull().default(0),
  completedCount: integer('completed_count').notNull().default(0),
  optedOutCount: integer('opted_out_count').notNull().default(0),
  bookedCount: integer('booked_count').notNull().default(0),
  durationMs: integer('duration_ms'),
  errorMessage: text('error_message'),
});

export const deEnrollmentLeadLog = pgTable('de_enrollment_lead_log', {
  id: uuid('id').primaryKey().defaultRandom(),
  runId: uuid('run_id').notNull().references(() => deEnrollmentRuns.id, { onDelete: 'cascade' }),
  leadId: uuid('lead_id').notNull().references(() => leads.id, { onDelete: 'cascade' }),
  campaignId: uuid('campaign_id').references(() => campaigns.id, { onDelete: 'set null' }),
  clientId: uuid('client_id').notNull().references(() => clients.id, { onDelete: 'cascade' }),
  outcome: varchar('outcome', { length: 20 }).notNull(),
  sequencePosition: integer('sequence_position').notNull(),
  deEnrolledAt: timestamp('de_enrolled_at', { withTimezone: true }).notNull().defaultNow(),
});
