SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: -
--

-- *not* creating schema, since initdb creates it


--
-- Name: river; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA river;


--
-- Name: river_job_state; Type: TYPE; Schema: river; Owner: -
--

CREATE TYPE river.river_job_state AS ENUM (
    'available',
    'cancelled',
    'completed',
    'discarded',
    'pending',
    'retryable',
    'running',
    'scheduled'
);


--
-- Name: keep_audit_entries(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_audit_entries() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  if tg_op = 'UPDATE' and old.chain_no is null and new.chain_no is not null
     and to_jsonb(new) - 'chain_no' - 'hash' = to_jsonb(old) - 'chain_no' - 'hash' then
    return new;
  end if;
  raise exception 'an audit entry is never changed';
end $$;


--
-- Name: maintain_changes(integer, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.maintain_changes(ahead integer, keep integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET "TimeZone" TO 'UTC'
    SET search_path TO 'public', 'pg_catalog', 'pg_temp'
    AS $$
declare
  day date;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('maintain_changes'));
  for day in select generate_series(current_date - 1, current_date + ahead, interval '1 day')::date loop
    part := 'changes_' || to_char(day, 'YYYY_MM_DD');
    if to_regclass('public.' || part) is null then
      execute format('create table public.%I (like public.changes including defaults including constraints)', part);
      execute format('alter table public.changes attach partition public.%I for values from (%L) to (%L)', part, day, day + 1);
    end if;
  end loop;
  for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'public.changes'::regclass
        and to_date(substr(c.relname, 9), 'YYYY_MM_DD') < current_date - keep loop
    execute format('drop table public.%I', part);
  end loop;
end $$;


--
-- Name: river_job_state_in_bitmask(bit, river.river_job_state); Type: FUNCTION; Schema: river; Owner: -
--

CREATE FUNCTION river.river_job_state_in_bitmask(bitmask bit, state river.river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: activities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.activities (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    type text NOT NULL,
    path text DEFAULT ''::text NOT NULL,
    duration_ms bigint DEFAULT 0 NOT NULL,
    meta jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT activities_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT activities_type_check CHECK ((type = ANY (ARRAY['LOGIN'::text, 'LOGOUT'::text, 'PAGE_VIEW'::text, 'CHAT_MESSAGE'::text, 'CHAT_SESSION_START'::text, 'CHAT_SESSION_END'::text, 'DASHBOARD_VIEW'::text, 'LOG_SEARCH'::text, 'LOG_VIEW'::text, 'EXPORT'::text, 'SETTINGS_CHANGE'::text])))
);

ALTER TABLE ONLY public.activities FORCE ROW LEVEL SECURITY;


--
-- Name: api_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.api_keys (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    prefix text NOT NULL,
    scopes text[] NOT NULL,
    ip_allow text[] DEFAULT '{}'::text[] NOT NULL,
    created_by uuid,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_kind_check CHECK ((kind = ANY (ARRAY['server'::text, 'read'::text, 'bot'::text, 'ingest'::text, 'write'::text])))
);

ALTER TABLE ONLY public.api_keys FORCE ROW LEVEL SECURITY;


--
-- Name: appearances; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.appearances (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    accent text,
    accent_dark text,
    labels jsonb DEFAULT '[]'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT appearances_accent_check CHECK ((accent ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT appearances_accent_dark_check CHECK ((accent_dark ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT appearances_labels_check CHECK (((jsonb_typeof(labels) = 'array'::text) AND (length((labels)::text) <= 16384)))
);

ALTER TABLE ONLY public.appearances FORCE ROW LEVEL SECURITY;


--
-- Name: attempts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attempts (
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    tries timestamp with time zone[] NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: audit_entries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_entries (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object text NOT NULL,
    object_id uuid,
    before jsonb,
    after jsonb,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    request_id text DEFAULT ''::text NOT NULL,
    chain_no bigint,
    hash bytea,
    CONSTRAINT audit_entries_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'system'::text, 'api_key'::text, 'platform'::text]))),
    CONSTRAINT audit_entries_check CHECK (((chain_no IS NULL) = (hash IS NULL)))
);

ALTER TABLE ONLY public.audit_entries FORCE ROW LEVEL SECURITY;


--
-- Name: audit_heads; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_heads (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    chain_no bigint NOT NULL,
    hash bytea NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    signature bytea NOT NULL
);

ALTER TABLE ONLY public.audit_heads FORCE ROW LEVEL SECURITY;


--
-- Name: change_generation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.change_generation (
    only_row boolean DEFAULT true NOT NULL,
    generation uuid DEFAULT gen_random_uuid() NOT NULL,
    CONSTRAINT change_generation_only_row_check CHECK (only_row)
);


--
-- Name: changes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.changes (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    name text NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    conversation_id uuid,
    user_id uuid
)
PARTITION BY RANGE (at);

ALTER TABLE ONLY public.changes FORCE ROW LEVEL SECURITY;


--
-- Name: channel_routes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.channel_routes (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    provider text NOT NULL,
    routing_key text NOT NULL,
    channel_id uuid NOT NULL,
    simulated boolean NOT NULL
);

ALTER TABLE ONLY public.channel_routes FORCE ROW LEVEL SECURITY;


--
-- Name: channels; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.channels (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    status_reason text,
    phone_number_id text,
    waba_id text,
    page_id text,
    ig_id text,
    display text DEFAULT ''::text NOT NULL,
    identity_scope text NOT NULL,
    sealed_credentials bytea NOT NULL,
    token_last4 text NOT NULL,
    own_app boolean DEFAULT false NOT NULL,
    team_id uuid,
    reopen_hours integer DEFAULT 24 NOT NULL,
    simulated boolean DEFAULT false NOT NULL,
    webhook_seen_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT channels_kind_check CHECK ((kind = ANY (ARRAY['whatsapp'::text, 'messenger'::text, 'instagram'::text]))),
    CONSTRAINT channels_reopen_hours_check CHECK (((reopen_hours >= 0) AND (reopen_hours <= 720))),
    CONSTRAINT channels_status_check CHECK ((status = ANY (ARRAY['connecting'::text, 'connected'::text, 'degraded'::text, 'reauth_required'::text, 'disabled'::text])))
);

ALTER TABLE ONLY public.channels FORCE ROW LEVEL SECURITY;


--
-- Name: contact_identities; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contact_identities (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    family text NOT NULL,
    scope text NOT NULL,
    username text,
    last_inbound_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT contact_identities_family_check CHECK ((family = ANY (ARRAY['whatsapp'::text, 'messenger'::text, 'instagram'::text])))
);

ALTER TABLE ONLY public.contact_identities FORCE ROW LEVEL SECURITY;


--
-- Name: contacts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contacts (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    blocked_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.contacts FORCE ROW LEVEL SECURITY;


--
-- Name: conversation_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversation_events (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text DEFAULT ''::text NOT NULL,
    data text DEFAULT '{}'::text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT conversation_events_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['contact'::text, 'user'::text, 'bot'::text, 'system'::text])))
);

ALTER TABLE ONLY public.conversation_events FORCE ROW LEVEL SECURITY;


--
-- Name: conversation_numbers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversation_numbers (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    next bigint NOT NULL
);

ALTER TABLE ONLY public.conversation_numbers FORCE ROW LEVEL SECURITY;


--
-- Name: conversations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversations (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    channel_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    status text NOT NULL,
    owner_epoch bigint DEFAULT 1 NOT NULL,
    assignee_id uuid,
    offered_to uuid,
    team_id uuid,
    priority text DEFAULT 'normal'::text NOT NULL,
    subject text,
    simulated boolean DEFAULT false NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    queued_at timestamp with time zone,
    accepted_at timestamp with time zone,
    last_inbound_at timestamp with time zone,
    last_outbound_at timestamp with time zone,
    waiting_since timestamp with time zone,
    window_expires_at timestamp with time zone,
    first_human_reply_at timestamp with time zone,
    snoozed_until timestamp with time zone,
    resolved_at timestamp with time zone,
    closed_at timestamp with time zone,
    cycle integer DEFAULT 1 NOT NULL,
    previous_id uuid,
    last_seq bigint DEFAULT 0 NOT NULL,
    last_message_id uuid,
    last_message_at timestamp with time zone NOT NULL,
    inbound_count bigint DEFAULT 0 NOT NULL,
    answered_count bigint DEFAULT 0 NOT NULL,
    sending_until timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT conversations_check CHECK (((assignee_id IS NOT NULL) = (status = ANY (ARRAY['active'::text, 'snoozed'::text, 'wrap_up'::text])))),
    CONSTRAINT conversations_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text, 'urgent'::text]))),
    CONSTRAINT conversations_status_check CHECK ((status = ANY (ARRAY['bot'::text, 'queued'::text, 'offered'::text, 'active'::text, 'snoozed'::text, 'wrap_up'::text, 'resolved'::text, 'closed'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_insert_scale_factor='0.02');

ALTER TABLE ONLY public.conversations FORCE ROW LEVEL SECURITY;


--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_keys (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    caller uuid NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    sealed_answer bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 8) AND (length(key) <= 64)))
);

ALTER TABLE ONLY public.idempotency_keys FORCE ROW LEVEL SECURITY;


--
-- Name: identity_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.identity_keys (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    kind text NOT NULL,
    scope text NOT NULL,
    value text NOT NULL,
    identity_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT identity_keys_kind_check CHECK ((kind = ANY (ARRAY['bsuid'::text, 'parent_bsuid'::text, 'wa_phone'::text, 'psid'::text, 'igsid'::text])))
);

ALTER TABLE ONLY public.identity_keys FORCE ROW LEVEL SECURITY;


--
-- Name: inbound_failures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.inbound_failures (
    id uuid NOT NULL,
    stream text NOT NULL,
    seq bigint NOT NULL,
    signer text NOT NULL,
    owner_tenant uuid,
    routing_key text NOT NULL,
    raw bytea NOT NULL,
    reason text NOT NULL,
    tries integer NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT inbound_failures_state_check CHECK ((state = ANY (ARRAY['open'::text, 'replayed'::text, 'dismissed'::text])))
);


--
-- Name: invitations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitations (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    email_lower text NOT NULL,
    role_id uuid,
    team_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    inviter_id uuid NOT NULL,
    inviter_name text NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    serial integer DEFAULT 1 NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY public.invitations FORCE ROW LEVEL SECURITY;


--
-- Name: login_devices; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.login_devices (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: login_sessions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.login_sessions (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    active_tenant uuid,
    ip text DEFAULT ''::text NOT NULL,
    user_agent text DEFAULT ''::text NOT NULL,
    device text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    authenticated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: mail_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mail_counts (
    address_hash bytea NOT NULL,
    kind text NOT NULL,
    day date NOT NULL,
    sent integer NOT NULL
);


--
-- Name: mailbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mailbox (
    id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: media; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.media (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    message_id uuid NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    mime text NOT NULL,
    name text,
    size bigint,
    provider_media_id text NOT NULL,
    sha256 text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT media_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'ready'::text, 'failed'::text, 'expired'::text])))
);

ALTER TABLE ONLY public.media FORCE ROW LEVEL SECURITY;


--
-- Name: memberships; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.memberships (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT memberships_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
);

ALTER TABLE ONLY public.memberships FORCE ROW LEVEL SECURITY;


--
-- Name: message_attempts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message_attempts (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    message_id uuid NOT NULL,
    n integer NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    outcome text,
    provider_id text,
    provider_code text,
    CONSTRAINT message_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'refused'::text, 'later'::text, 'unknown'::text])))
);

ALTER TABLE ONLY public.message_attempts FORCE ROW LEVEL SECURITY;


--
-- Name: message_reactions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message_reactions (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    message_id uuid NOT NULL,
    sender_kind text NOT NULL,
    sender_id uuid NOT NULL,
    sender_name text DEFAULT ''::text NOT NULL,
    emoji text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT message_reactions_sender_kind_check CHECK ((sender_kind = ANY (ARRAY['contact'::text, 'user'::text])))
);

ALTER TABLE ONLY public.message_reactions FORCE ROW LEVEL SECURITY;


--
-- Name: messages; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.messages (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    seq bigint NOT NULL,
    direction text NOT NULL,
    kind text NOT NULL,
    text text,
    content text,
    raw_type text,
    status text NOT NULL,
    provider_id text,
    client_id uuid,
    client_hash bytea,
    sender_kind text NOT NULL,
    sender_id uuid,
    sender_name text DEFAULT ''::text NOT NULL,
    reply_to_id uuid,
    reply_to_provider_id text,
    provider_at timestamp with time zone,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    read_at timestamp with time zone,
    played_at timestamp with time zone,
    failed_at timestamp with time zone,
    error text,
    attempt integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT messages_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
    CONSTRAINT messages_sender_kind_check CHECK ((sender_kind = ANY (ARRAY['contact'::text, 'user'::text, 'bot'::text, 'system'::text]))),
    CONSTRAINT messages_status_check CHECK ((status = ANY (ARRAY['received'::text, 'queued'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'unknown'::text])))
)
WITH (autovacuum_vacuum_insert_scale_factor='0.02');

ALTER TABLE ONLY public.messages FORCE ROW LEVEL SECURITY;


--
-- Name: one_time_codes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.one_time_codes (
    id uuid NOT NULL,
    user_id uuid,
    purpose text NOT NULL,
    code_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT one_time_codes_purpose_check CHECK ((purpose = ANY (ARRAY['reset_password'::text, 'verify_email'::text, 'login_code'::text])))
);


--
-- Name: platform_settings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.platform_settings (
    only_row boolean DEFAULT true NOT NULL,
    mode text,
    signup_open boolean DEFAULT true NOT NULL,
    base_url text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT platform_settings_mode_check CHECK ((mode = ANY (ARRAY['saas'::text, 'whitelabel'::text]))),
    CONSTRAINT platform_settings_only_row_check CHECK (only_row)
);


--
-- Name: read_markers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.read_markers (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    user_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    seq bigint NOT NULL,
    inbound_count bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.read_markers FORCE ROW LEVEL SECURITY;


--
-- Name: recovery_codes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recovery_codes (
    user_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);


--
-- Name: refresh_tokens; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.refresh_tokens (
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    successor bytea
);


--
-- Name: revocations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.revocations (
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    for_session uuid,
    for_user uuid,
    for_tenant uuid,
    CONSTRAINT revocations_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'membership'::text, 'tenant'::text])))
);


--
-- Name: rights_changes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.rights_changes (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.rights_changes FORCE ROW LEVEL SECURITY;


--
-- Name: roles; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.roles (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    key text,
    name text NOT NULL,
    builtin boolean DEFAULT false NOT NULL,
    permissions text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    reveal text[] DEFAULT '{}'::text[] NOT NULL,
    version bigint DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY public.roles FORCE ROW LEVEL SECURITY;


--
-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);


--
-- Name: second_factors; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.second_factors (
    user_id uuid NOT NULL,
    sealed_secret bytea NOT NULL,
    last_step bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    confirmed_at timestamp with time zone
);


--
-- Name: security_settings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.security_settings (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    require_2fa boolean DEFAULT false NOT NULL,
    email_codes boolean DEFAULT false NOT NULL,
    new_device_codes boolean DEFAULT false NOT NULL,
    password_max_age_days integer DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT security_settings_password_max_age_days_check CHECK (((password_max_age_days = 0) OR ((password_max_age_days >= 30) AND (password_max_age_days <= 365))))
);

ALTER TABLE ONLY public.security_settings FORCE ROW LEVEL SECURITY;


--
-- Name: setup_token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.setup_token (
    only_row boolean DEFAULT true NOT NULL,
    token_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT setup_token_only_row_check CHECK (only_row)
);


--
-- Name: sign_in_refusals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sign_in_refusals (
    id uuid NOT NULL,
    user_id uuid,
    reason text NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL,
    request_id text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: signing_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signing_keys (
    kid text NOT NULL,
    public_key bytea NOT NULL,
    sealed_private bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone
);


--
-- Name: socket_tickets; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.socket_tickets (
    token_hash bytea NOT NULL,
    session_id uuid NOT NULL,
    for_tenant uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: stream_positions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stream_positions (
    stream text NOT NULL,
    shard integer NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: team_members; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.team_members (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text DEFAULT 'agent'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT team_members_role_check CHECK ((role = ANY (ARRAY['manager'::text, 'agent'::text])))
);

ALTER TABLE ONLY public.team_members FORCE ROW LEVEL SECURITY;


--
-- Name: teams; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.teams (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    everyone boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    archived_at timestamp with time zone,
    version bigint DEFAULT 1 NOT NULL,
    CONSTRAINT teams_check CHECK ((NOT (everyone AND (archived_at IS NOT NULL))))
);

ALTER TABLE ONLY public.teams FORCE ROW LEVEL SECURITY;


--
-- Name: tenancy_exempt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenancy_exempt (
    rule text NOT NULL,
    object text NOT NULL,
    why text NOT NULL
);


--
-- Name: tenant_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenant_keys (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.tenant_keys FORCE ROW LEVEL SECURITY;


--
-- Name: tenants; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tenants (
    id uuid NOT NULL,
    slug text NOT NULL,
    slug_look text GENERATED ALWAYS AS (replace(replace(replace(translate(slug, '01i2589'::text, 'ollzsbg'::text), 'rn'::text, 'm'::text), 'vv'::text, 'w'::text), 'cl'::text, 'd'::text)) STORED NOT NULL,
    name text NOT NULL,
    plan text DEFAULT 'free'::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    languages text[] DEFAULT '{en}'::text[] NOT NULL,
    CONSTRAINT tenants_languages_check CHECK (((cardinality(languages) >= 1) AND (cardinality(languages) <= 20))),
    CONSTRAINT tenants_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT tenants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'deleting'::text])))
);


--
-- Name: token_lookups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token_lookups (
    tenant_id uuid DEFAULT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid NOT NULL,
    token_hash bytea NOT NULL,
    api_key_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone
);

ALTER TABLE ONLY public.token_lookups FORCE ROW LEVEL SECURITY;


--
-- Name: users; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    email_lower text NOT NULL,
    password_hash text NOT NULL,
    name text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    email_verified_at timestamp with time zone,
    password_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    platform_role text,
    CONSTRAINT users_platform_role_check CHECK ((platform_role = 'admin'::text)),
    CONSTRAINT users_preferences_check CHECK ((length((preferences)::text) <= 16384))
);


--
-- Name: river_job; Type: TABLE; Schema: river; Owner: -
--

CREATE TABLE river.river_job (
    id bigint NOT NULL,
    state river.river_job_state DEFAULT 'available'::river.river_job_state NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    attempted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finalized_at timestamp with time zone,
    scheduled_at timestamp with time zone DEFAULT now() NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    args jsonb NOT NULL,
    attempted_by text[],
    errors jsonb[],
    kind text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    tags character varying(255)[] DEFAULT '{}'::character varying[] NOT NULL,
    unique_key bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK ((((finalized_at IS NULL) AND (state <> ALL (ARRAY['cancelled'::river.river_job_state, 'completed'::river.river_job_state, 'discarded'::river.river_job_state]))) OR ((finalized_at IS NOT NULL) AND (state = ANY (ARRAY['cancelled'::river.river_job_state, 'completed'::river.river_job_state, 'discarded'::river.river_job_state]))))),
    CONSTRAINT kind_length CHECK (((char_length(kind) > 0) AND (char_length(kind) < 128))),
    CONSTRAINT max_attempts_is_positive CHECK ((max_attempts > 0)),
    CONSTRAINT priority_in_range CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT queue_length CHECK (((char_length(queue) > 0) AND (char_length(queue) < 128)))
);


--
-- Name: river_job_id_seq; Type: SEQUENCE; Schema: river; Owner: -
--

CREATE SEQUENCE river.river_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: river_job_id_seq; Type: SEQUENCE OWNED BY; Schema: river; Owner: -
--

ALTER SEQUENCE river.river_job_id_seq OWNED BY river.river_job.id;


--
-- Name: river_leader; Type: TABLE; Schema: river; Owner: -
--

CREATE UNLOGGED TABLE river.river_leader (
    elected_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leader_id text NOT NULL,
    name text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT leader_id_length CHECK (((char_length(leader_id) > 0) AND (char_length(leader_id) < 128))),
    CONSTRAINT name_length CHECK ((name = 'default'::text))
);


--
-- Name: river_notification; Type: TABLE; Schema: river; Owner: -
--

CREATE TABLE river.river_notification (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (((length(topic) > 0) AND (length(topic) < 128)))
);


--
-- Name: river_notification_id_seq; Type: SEQUENCE; Schema: river; Owner: -
--

CREATE SEQUENCE river.river_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: river_notification_id_seq; Type: SEQUENCE OWNED BY; Schema: river; Owner: -
--

ALTER SEQUENCE river.river_notification_id_seq OWNED BY river.river_notification.id;


--
-- Name: river_queue; Type: TABLE; Schema: river; Owner: -
--

CREATE TABLE river.river_queue (
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    paused_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);


--
-- Name: river_job id; Type: DEFAULT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_job ALTER COLUMN id SET DEFAULT nextval('river.river_job_id_seq'::regclass);


--
-- Name: river_notification id; Type: DEFAULT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_notification ALTER COLUMN id SET DEFAULT nextval('river.river_notification_id_seq'::regclass);


--
-- Name: activities activities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: appearances appearances_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.appearances
    ADD CONSTRAINT appearances_pkey PRIMARY KEY (tenant_id);


--
-- Name: attempts attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (kind, key_hash);


--
-- Name: audit_entries audit_entries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: audit_heads audit_heads_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (tenant_id, chain_no);


--
-- Name: change_generation change_generation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.change_generation
    ADD CONSTRAINT change_generation_pkey PRIMARY KEY (only_row);


--
-- Name: changes changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.changes
    ADD CONSTRAINT changes_pkey PRIMARY KEY (tenant_id, id, at);


--
-- Name: channel_routes channel_routes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channel_routes
    ADD CONSTRAINT channel_routes_pkey PRIMARY KEY (tenant_id, provider, routing_key);


--
-- Name: channels channels_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: contact_identities contact_identities_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contact_identities
    ADD CONSTRAINT contact_identities_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: contacts contacts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contacts
    ADD CONSTRAINT contacts_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: conversation_events conversation_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversation_events
    ADD CONSTRAINT conversation_events_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: conversation_events conversation_events_tenant_id_conversation_id_seq_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversation_events
    ADD CONSTRAINT conversation_events_tenant_id_conversation_id_seq_key UNIQUE (tenant_id, conversation_id, seq);


--
-- Name: conversation_numbers conversation_numbers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversation_numbers
    ADD CONSTRAINT conversation_numbers_pkey PRIMARY KEY (tenant_id);


--
-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: conversations conversations_tenant_id_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_number_key UNIQUE (tenant_id, number);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, caller, path, key);


--
-- Name: identity_keys identity_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity_keys
    ADD CONSTRAINT identity_keys_pkey PRIMARY KEY (tenant_id, kind, scope, value);


--
-- Name: inbound_failures inbound_failures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.inbound_failures
    ADD CONSTRAINT inbound_failures_pkey PRIMARY KEY (id);


--
-- Name: invitations invitations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: login_devices login_devices_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.login_devices
    ADD CONSTRAINT login_devices_pkey PRIMARY KEY (token_hash);


--
-- Name: login_sessions login_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.login_sessions
    ADD CONSTRAINT login_sessions_pkey PRIMARY KEY (id);


--
-- Name: mail_counts mail_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mail_counts
    ADD CONSTRAINT mail_counts_pkey PRIMARY KEY (address_hash, kind, day);


--
-- Name: mailbox mailbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mailbox
    ADD CONSTRAINT mailbox_pkey PRIMARY KEY (id);


--
-- Name: media media_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: media media_tenant_id_message_id_position_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_tenant_id_message_id_position_key UNIQUE (tenant_id, message_id, "position");


--
-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: memberships memberships_tenant_id_user_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_user_id_key UNIQUE (tenant_id, user_id);


--
-- Name: message_attempts message_attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_attempts
    ADD CONSTRAINT message_attempts_pkey PRIMARY KEY (tenant_id, message_id, n);


--
-- Name: message_reactions message_reactions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_reactions
    ADD CONSTRAINT message_reactions_pkey PRIMARY KEY (tenant_id, message_id, sender_kind, sender_id);


--
-- Name: messages messages_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: messages messages_tenant_id_channel_id_provider_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_channel_id_provider_id_key UNIQUE (tenant_id, channel_id, provider_id);


--
-- Name: messages messages_tenant_id_client_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_client_id_key UNIQUE (tenant_id, client_id);


--
-- Name: messages messages_tenant_id_conversation_id_seq_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_conversation_id_seq_key UNIQUE (tenant_id, conversation_id, seq);


--
-- Name: one_time_codes one_time_codes_code_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_codes
    ADD CONSTRAINT one_time_codes_code_hash_key UNIQUE (code_hash);


--
-- Name: one_time_codes one_time_codes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_codes
    ADD CONSTRAINT one_time_codes_pkey PRIMARY KEY (id);


--
-- Name: platform_settings platform_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.platform_settings
    ADD CONSTRAINT platform_settings_pkey PRIMARY KEY (only_row);


--
-- Name: read_markers read_markers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.read_markers
    ADD CONSTRAINT read_markers_pkey PRIMARY KEY (tenant_id, user_id, conversation_id);


--
-- Name: recovery_codes recovery_codes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);


--
-- Name: refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);


--
-- Name: revocations revocations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.revocations
    ADD CONSTRAINT revocations_pkey PRIMARY KEY (id);


--
-- Name: rights_changes rights_changes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.rights_changes
    ADD CONSTRAINT rights_changes_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: roles roles_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: roles roles_tenant_id_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_tenant_id_key_key UNIQUE (tenant_id, key);


--
-- Name: roles roles_tenant_id_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_tenant_id_name_key UNIQUE (tenant_id, name);


--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);


--
-- Name: second_factors second_factors_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (user_id);


--
-- Name: security_settings security_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.security_settings
    ADD CONSTRAINT security_settings_pkey PRIMARY KEY (tenant_id);


--
-- Name: setup_token setup_token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.setup_token
    ADD CONSTRAINT setup_token_pkey PRIMARY KEY (only_row);


--
-- Name: sign_in_refusals sign_in_refusals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_refusals
    ADD CONSTRAINT sign_in_refusals_pkey PRIMARY KEY (id);


--
-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);


--
-- Name: socket_tickets socket_tickets_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socket_tickets
    ADD CONSTRAINT socket_tickets_pkey PRIMARY KEY (token_hash);


--
-- Name: stream_positions stream_positions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stream_positions
    ADD CONSTRAINT stream_positions_pkey PRIMARY KEY (stream, shard);


--
-- Name: team_members team_members_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_pkey PRIMARY KEY (tenant_id, team_id, user_id);


--
-- Name: teams teams_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: teams teams_tenant_id_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_tenant_id_name_key UNIQUE (tenant_id, name);


--
-- Name: tenancy_exempt tenancy_exempt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenancy_exempt
    ADD CONSTRAINT tenancy_exempt_pkey PRIMARY KEY (rule, object);


--
-- Name: tenant_keys tenant_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenant_keys
    ADD CONSTRAINT tenant_keys_pkey PRIMARY KEY (tenant_id);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: tenants tenants_slug_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_slug_key UNIQUE (slug);


--
-- Name: tenants tenants_slug_look_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_slug_look_key UNIQUE (slug_look);


--
-- Name: token_lookups token_lookups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token_lookups
    ADD CONSTRAINT token_lookups_pkey PRIMARY KEY (tenant_id, token_hash);


--
-- Name: users users_email_lower_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_lower_key UNIQUE (email_lower);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: river_job river_job_pkey; Type: CONSTRAINT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_job
    ADD CONSTRAINT river_job_pkey PRIMARY KEY (id);


--
-- Name: river_leader river_leader_pkey; Type: CONSTRAINT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_leader
    ADD CONSTRAINT river_leader_pkey PRIMARY KEY (name);


--
-- Name: river_notification river_notification_pkey; Type: CONSTRAINT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_notification
    ADD CONSTRAINT river_notification_pkey PRIMARY KEY (id);


--
-- Name: river_queue river_queue_pkey; Type: CONSTRAINT; Schema: river; Owner: -
--

ALTER TABLE ONLY river.river_queue
    ADD CONSTRAINT river_queue_pkey PRIMARY KEY (name);


--
-- Name: activities_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX activities_at_idx ON public.activities USING btree (at);


--
-- Name: activities_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX activities_user_idx ON public.activities USING btree (tenant_id, user_id, id);


--
-- Name: attempts_expires_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attempts_expires_idx ON public.attempts USING btree (expires_at);


--
-- Name: audit_entries_action_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entries_action_idx ON public.audit_entries USING btree (tenant_id, action, id);


--
-- Name: audit_entries_actor_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entries_actor_idx ON public.audit_entries USING btree (tenant_id, actor_id, id);


--
-- Name: audit_entries_chain_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX audit_entries_chain_idx ON public.audit_entries USING btree (tenant_id, chain_no);


--
-- Name: audit_entries_object_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entries_object_idx ON public.audit_entries USING btree (tenant_id, object_id, id);


--
-- Name: audit_entries_unchained_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entries_unchained_idx ON public.audit_entries USING btree (tenant_id, id) WHERE (chain_no IS NULL);


--
-- Name: changes_replay_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX changes_replay_idx ON ONLY public.changes USING btree (tenant_id, xid, id);


--
-- Name: changes_sweep_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX changes_sweep_idx ON ONLY public.changes USING btree (xid);


--
-- Name: channel_routes_channel_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX channel_routes_channel_idx ON public.channel_routes USING btree (tenant_id, channel_id);


--
-- Name: channel_routes_taken_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX channel_routes_taken_idx ON public.channel_routes USING btree (provider, routing_key);


--
-- Name: channels_team_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX channels_team_idx ON public.channels USING btree (tenant_id, team_id);


--
-- Name: contact_identities_contact_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX contact_identities_contact_idx ON public.contact_identities USING btree (tenant_id, contact_id);


--
-- Name: conversations_channel_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_channel_idx ON public.conversations USING btree (tenant_id, channel_id, identity_id);


--
-- Name: conversations_contact_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_contact_idx ON public.conversations USING btree (tenant_id, contact_id);


--
-- Name: conversations_identity_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_identity_idx ON public.conversations USING btree (tenant_id, identity_id);


--
-- Name: conversations_mine_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_mine_idx ON public.conversations USING btree (tenant_id, assignee_id, last_message_at DESC, id DESC) WHERE (status <> ALL (ARRAY['resolved'::text, 'closed'::text]));


--
-- Name: conversations_one_open_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX conversations_one_open_idx ON public.conversations USING btree (tenant_id, channel_id, identity_id) WHERE (status <> ALL (ARRAY['resolved'::text, 'closed'::text]));


--
-- Name: conversations_open_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_open_idx ON public.conversations USING btree (tenant_id, last_message_at DESC, id DESC) INCLUDE (status, assignee_id, team_id, channel_id, last_seq) WHERE (status <> ALL (ARRAY['resolved'::text, 'closed'::text]));


--
-- Name: conversations_status_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_status_idx ON public.conversations USING btree (tenant_id, status, last_message_at DESC, id DESC);


--
-- Name: idempotency_keys_created_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_keys_created_idx ON public.idempotency_keys USING btree (created_at);


--
-- Name: identity_keys_identity_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX identity_keys_identity_idx ON public.identity_keys USING btree (tenant_id, identity_id);


--
-- Name: inbound_failures_open_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX inbound_failures_open_idx ON public.inbound_failures USING btree (created_at) WHERE (state = 'open'::text);


--
-- Name: invitations_open_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX invitations_open_idx ON public.invitations USING btree (tenant_id, email_lower) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));


--
-- Name: invitations_role_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invitations_role_idx ON public.invitations USING btree (tenant_id, role_id);


--
-- Name: invitations_token_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invitations_token_idx ON public.invitations USING btree (token_hash);


--
-- Name: login_devices_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX login_devices_user_idx ON public.login_devices USING btree (user_id);


--
-- Name: login_sessions_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX login_sessions_user_idx ON public.login_sessions USING btree (user_id);


--
-- Name: mail_counts_day_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mail_counts_day_idx ON public.mail_counts USING btree (day);


--
-- Name: memberships_role_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX memberships_role_idx ON public.memberships USING btree (tenant_id, role_id);


--
-- Name: memberships_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX memberships_user_idx ON public.memberships USING btree (user_id);


--
-- Name: messages_queued_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX messages_queued_idx ON public.messages USING btree (tenant_id, conversation_id, seq) WHERE (status = 'queued'::text);


--
-- Name: one_time_codes_expires_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_codes_expires_idx ON public.one_time_codes USING btree (expires_at);


--
-- Name: one_time_codes_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX one_time_codes_user_idx ON public.one_time_codes USING btree (user_id);


--
-- Name: read_markers_conversation_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX read_markers_conversation_idx ON public.read_markers USING btree (tenant_id, conversation_id);


--
-- Name: refresh_tokens_session_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX refresh_tokens_session_idx ON public.refresh_tokens USING btree (session_id);


--
-- Name: revocations_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX revocations_at_idx ON public.revocations USING btree (at);


--
-- Name: rights_changes_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX rights_changes_at_idx ON public.rights_changes USING btree (at);


--
-- Name: sign_in_refusals_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sign_in_refusals_user_idx ON public.sign_in_refusals USING btree (user_id);


--
-- Name: team_members_user_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX team_members_user_idx ON public.team_members USING btree (tenant_id, user_id);


--
-- Name: token_lookups_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_lookups_hash_idx ON public.token_lookups USING btree (token_hash);


--
-- Name: token_lookups_key_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_lookups_key_idx ON public.token_lookups USING btree (tenant_id, api_key_id);


--
-- Name: users_platform_role_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX users_platform_role_idx ON public.users USING btree (platform_role) WHERE (platform_role IS NOT NULL);


--
-- Name: river_job_args_index; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_job_args_index ON river.river_job USING gin (args);


--
-- Name: river_job_kind; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_job_kind ON river.river_job USING btree (kind);


--
-- Name: river_job_metadata_index; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_job_metadata_index ON river.river_job USING gin (metadata);


--
-- Name: river_job_prioritized_fetching_index; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_job_prioritized_fetching_index ON river.river_job USING btree (state, queue, priority, scheduled_at, id);


--
-- Name: river_job_state_and_finalized_at_index; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_job_state_and_finalized_at_index ON river.river_job USING btree (state, finalized_at) WHERE (finalized_at IS NOT NULL);


--
-- Name: river_job_unique_idx; Type: INDEX; Schema: river; Owner: -
--

CREATE UNIQUE INDEX river_job_unique_idx ON river.river_job USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_states IS NOT NULL) AND river.river_job_state_in_bitmask(unique_states, state));


--
-- Name: river_notification_created_at_idx; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_notification_created_at_idx ON river.river_notification USING btree (created_at);


--
-- Name: river_notification_topic_id_idx; Type: INDEX; Schema: river; Owner: -
--

CREATE INDEX river_notification_topic_id_idx ON river.river_notification USING btree (topic, id);


--
-- Name: audit_entries audit_entries_keep; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entries_keep BEFORE DELETE OR UPDATE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION public.keep_audit_entries();


--
-- Name: audit_entries audit_entries_keep_all; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entries_keep_all BEFORE TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION public.keep_audit_entries();


--
-- Name: api_keys api_keys_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: appearances appearances_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.appearances
    ADD CONSTRAINT appearances_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: channel_routes channel_routes_tenant_id_channel_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channel_routes
    ADD CONSTRAINT channel_routes_tenant_id_channel_id_fkey FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels(tenant_id, id);


--
-- Name: channels channels_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: channels channels_tenant_id_team_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_tenant_id_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES public.teams(tenant_id, id);


--
-- Name: contact_identities contact_identities_tenant_id_contact_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contact_identities
    ADD CONSTRAINT contact_identities_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);


--
-- Name: conversation_events conversation_events_tenant_id_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversation_events
    ADD CONSTRAINT conversation_events_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);


--
-- Name: conversations conversations_tenant_id_channel_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_channel_id_fkey FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels(tenant_id, id);


--
-- Name: conversations conversations_tenant_id_contact_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_contact_id_fkey FOREIGN KEY (tenant_id, contact_id) REFERENCES public.contacts(tenant_id, id);


--
-- Name: conversations conversations_tenant_id_identity_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_identity_id_fkey FOREIGN KEY (tenant_id, identity_id) REFERENCES public.contact_identities(tenant_id, id);


--
-- Name: identity_keys identity_keys_tenant_id_identity_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity_keys
    ADD CONSTRAINT identity_keys_tenant_id_identity_id_fkey FOREIGN KEY (tenant_id, identity_id) REFERENCES public.contact_identities(tenant_id, id);


--
-- Name: invitations invitations_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: invitations invitations_tenant_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES public.roles(tenant_id, id) ON DELETE SET NULL (role_id);


--
-- Name: login_devices login_devices_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.login_devices
    ADD CONSTRAINT login_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: login_sessions login_sessions_active_tenant_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.login_sessions
    ADD CONSTRAINT login_sessions_active_tenant_fkey FOREIGN KEY (active_tenant) REFERENCES public.tenants(id);


--
-- Name: login_sessions login_sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.login_sessions
    ADD CONSTRAINT login_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: media media_tenant_id_message_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_tenant_id_message_id_fkey FOREIGN KEY (tenant_id, message_id) REFERENCES public.messages(tenant_id, id);


--
-- Name: memberships memberships_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: memberships memberships_tenant_id_role_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES public.roles(tenant_id, id);


--
-- Name: message_attempts message_attempts_tenant_id_message_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_attempts
    ADD CONSTRAINT message_attempts_tenant_id_message_id_fkey FOREIGN KEY (tenant_id, message_id) REFERENCES public.messages(tenant_id, id);


--
-- Name: message_reactions message_reactions_tenant_id_message_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_reactions
    ADD CONSTRAINT message_reactions_tenant_id_message_id_fkey FOREIGN KEY (tenant_id, message_id) REFERENCES public.messages(tenant_id, id);


--
-- Name: messages messages_tenant_id_channel_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_channel_id_fkey FOREIGN KEY (tenant_id, channel_id) REFERENCES public.channels(tenant_id, id);


--
-- Name: messages messages_tenant_id_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);


--
-- Name: one_time_codes one_time_codes_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.one_time_codes
    ADD CONSTRAINT one_time_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: read_markers read_markers_tenant_id_conversation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.read_markers
    ADD CONSTRAINT read_markers_tenant_id_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id);


--
-- Name: recovery_codes recovery_codes_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.second_factors(user_id) ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.login_sessions(id) ON DELETE CASCADE;


--
-- Name: roles roles_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: second_factors second_factors_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: security_settings security_settings_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.security_settings
    ADD CONSTRAINT security_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: sign_in_refusals sign_in_refusals_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sign_in_refusals
    ADD CONSTRAINT sign_in_refusals_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);


--
-- Name: socket_tickets socket_tickets_session_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.socket_tickets
    ADD CONSTRAINT socket_tickets_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.login_sessions(id) ON DELETE CASCADE;


--
-- Name: team_members team_members_tenant_id_team_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_tenant_id_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES public.teams(tenant_id, id);


--
-- Name: team_members team_members_tenant_id_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.team_members
    ADD CONSTRAINT team_members_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES public.memberships(tenant_id, user_id);


--
-- Name: teams teams_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: tenant_keys tenant_keys_tenant_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tenant_keys
    ADD CONSTRAINT tenant_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id);


--
-- Name: token_lookups token_lookups_tenant_id_api_key_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token_lookups
    ADD CONSTRAINT token_lookups_tenant_id_api_key_id_fkey FOREIGN KEY (tenant_id, api_key_id) REFERENCES public.api_keys(tenant_id, id);


--
-- Name: activities; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.activities ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: appearances; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.appearances ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_entries; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.audit_entries ENABLE ROW LEVEL SECURITY;

--
-- Name: audit_heads; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.audit_heads ENABLE ROW LEVEL SECURITY;

--
-- Name: activities backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.activities FOR SELECT TO baraza_backup USING (true);


--
-- Name: api_keys backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.api_keys FOR SELECT TO baraza_backup USING (true);


--
-- Name: appearances backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.appearances FOR SELECT TO baraza_backup USING (true);


--
-- Name: audit_entries backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.audit_entries FOR SELECT TO baraza_backup USING (true);


--
-- Name: audit_heads backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.audit_heads FOR SELECT TO baraza_backup USING (true);


--
-- Name: changes backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.changes FOR SELECT TO baraza_backup USING (true);


--
-- Name: channel_routes backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.channel_routes FOR SELECT TO baraza_backup USING (true);


--
-- Name: channels backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.channels FOR SELECT TO baraza_backup USING (true);


--
-- Name: contact_identities backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.contact_identities FOR SELECT TO baraza_backup USING (true);


--
-- Name: contacts backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.contacts FOR SELECT TO baraza_backup USING (true);


--
-- Name: conversation_events backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.conversation_events FOR SELECT TO baraza_backup USING (true);


--
-- Name: conversation_numbers backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.conversation_numbers FOR SELECT TO baraza_backup USING (true);


--
-- Name: conversations backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.conversations FOR SELECT TO baraza_backup USING (true);


--
-- Name: idempotency_keys backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.idempotency_keys FOR SELECT TO baraza_backup USING (true);


--
-- Name: identity_keys backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.identity_keys FOR SELECT TO baraza_backup USING (true);


--
-- Name: invitations backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.invitations FOR SELECT TO baraza_backup USING (true);


--
-- Name: media backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.media FOR SELECT TO baraza_backup USING (true);


--
-- Name: memberships backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.memberships FOR SELECT TO baraza_backup USING (true);


--
-- Name: message_attempts backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.message_attempts FOR SELECT TO baraza_backup USING (true);


--
-- Name: message_reactions backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.message_reactions FOR SELECT TO baraza_backup USING (true);


--
-- Name: messages backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.messages FOR SELECT TO baraza_backup USING (true);


--
-- Name: read_markers backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.read_markers FOR SELECT TO baraza_backup USING (true);


--
-- Name: rights_changes backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.rights_changes FOR SELECT TO baraza_backup USING (true);


--
-- Name: roles backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.roles FOR SELECT TO baraza_backup USING (true);


--
-- Name: security_settings backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.security_settings FOR SELECT TO baraza_backup USING (true);


--
-- Name: team_members backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.team_members FOR SELECT TO baraza_backup USING (true);


--
-- Name: teams backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.teams FOR SELECT TO baraza_backup USING (true);


--
-- Name: tenant_keys backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.tenant_keys FOR SELECT TO baraza_backup USING (true);


--
-- Name: token_lookups backup; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY backup ON public.token_lookups FOR SELECT TO baraza_backup USING (true);


--
-- Name: changes; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.changes ENABLE ROW LEVEL SECURITY;

--
-- Name: channel_routes; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.channel_routes ENABLE ROW LEVEL SECURITY;

--
-- Name: channels; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.channels ENABLE ROW LEVEL SECURITY;

--
-- Name: contact_identities; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.contact_identities ENABLE ROW LEVEL SECURITY;

--
-- Name: contacts; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.contacts ENABLE ROW LEVEL SECURITY;

--
-- Name: conversation_events; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.conversation_events ENABLE ROW LEVEL SECURITY;

--
-- Name: conversation_numbers; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.conversation_numbers ENABLE ROW LEVEL SECURITY;

--
-- Name: conversations; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: identity_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.identity_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: invitations; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;

--
-- Name: media; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.media ENABLE ROW LEVEL SECURITY;

--
-- Name: memberships; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.memberships ENABLE ROW LEVEL SECURITY;

--
-- Name: message_attempts; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.message_attempts ENABLE ROW LEVEL SECURITY;

--
-- Name: message_reactions; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.message_reactions ENABLE ROW LEVEL SECURITY;

--
-- Name: messages; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

--
-- Name: activities platform_delete; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_delete ON public.activities FOR DELETE TO baraza_platform USING (true);


--
-- Name: idempotency_keys platform_delete; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_delete ON public.idempotency_keys FOR DELETE TO baraza_platform USING (true);


--
-- Name: rights_changes platform_delete; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_delete ON public.rights_changes FOR DELETE TO baraza_platform USING (true);


--
-- Name: activities platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.activities FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: audit_entries platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.audit_entries FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: audit_heads platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.audit_heads FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: idempotency_keys platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.idempotency_keys FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: memberships platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.memberships FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: roles platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.roles FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: security_settings platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.security_settings FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: team_members platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.team_members FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: teams platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.teams FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: tenant_keys platform_insert; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_insert ON public.tenant_keys FOR INSERT TO baraza_platform WITH CHECK (true);


--
-- Name: activities platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.activities FOR SELECT TO baraza_platform USING (true);


--
-- Name: api_keys platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.api_keys FOR SELECT TO baraza_platform USING (true);


--
-- Name: appearances platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.appearances FOR SELECT TO baraza_platform USING (true);


--
-- Name: audit_entries platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.audit_entries FOR SELECT TO baraza_platform USING (true);


--
-- Name: audit_heads platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.audit_heads FOR SELECT TO baraza_platform USING (true);


--
-- Name: changes platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.changes FOR SELECT TO baraza_platform USING (true);


--
-- Name: channel_routes platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.channel_routes FOR SELECT TO baraza_platform USING (true);


--
-- Name: idempotency_keys platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.idempotency_keys FOR SELECT TO baraza_platform USING (true);


--
-- Name: invitations platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.invitations FOR SELECT TO baraza_platform USING (true);


--
-- Name: memberships platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.memberships FOR SELECT TO baraza_platform USING (true);


--
-- Name: rights_changes platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.rights_changes FOR SELECT TO baraza_platform USING (true);


--
-- Name: roles platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.roles FOR SELECT TO baraza_platform USING (true);


--
-- Name: security_settings platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.security_settings FOR SELECT TO baraza_platform USING (true);


--
-- Name: team_members platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.team_members FOR SELECT TO baraza_platform USING (true);


--
-- Name: teams platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.teams FOR SELECT TO baraza_platform USING (true);


--
-- Name: token_lookups platform_select; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_select ON public.token_lookups FOR SELECT TO baraza_platform USING (true);


--
-- Name: api_keys platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.api_keys FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: audit_entries platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.audit_entries FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: idempotency_keys platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.idempotency_keys FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: invitations platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.invitations FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: memberships platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.memberships FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: security_settings platform_update; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY platform_update ON public.security_settings FOR UPDATE TO baraza_platform USING (true) WITH CHECK (true);


--
-- Name: read_markers; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.read_markers ENABLE ROW LEVEL SECURITY;

--
-- Name: rights_changes; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.rights_changes ENABLE ROW LEVEL SECURITY;

--
-- Name: roles; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.roles ENABLE ROW LEVEL SECURITY;

--
-- Name: security_settings; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.security_settings ENABLE ROW LEVEL SECURITY;

--
-- Name: team_members; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.team_members ENABLE ROW LEVEL SECURITY;

--
-- Name: teams; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.teams ENABLE ROW LEVEL SECURITY;

--
-- Name: activities tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.activities TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: api_keys tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.api_keys TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: appearances tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.appearances TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: audit_entries tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.audit_entries TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: audit_heads tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.audit_heads TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: changes tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.changes TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: channel_routes tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.channel_routes TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: channels tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.channels TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: contact_identities tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.contact_identities TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: contacts tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.contacts TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: conversation_events tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.conversation_events TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: conversation_numbers tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.conversation_numbers TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: conversations tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.conversations TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: idempotency_keys tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.idempotency_keys TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: identity_keys tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.identity_keys TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: invitations tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.invitations TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: media tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.media TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: memberships tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.memberships TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: message_attempts tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.message_attempts TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: message_reactions tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.message_reactions TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: messages tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.messages TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: read_markers tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.read_markers TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: rights_changes tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.rights_changes TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: roles tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.roles TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: security_settings tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.security_settings TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: team_members tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.team_members TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: teams tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.teams TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: tenant_keys tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.tenant_keys TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: token_lookups tenant; Type: POLICY; Schema: public; Owner: -
--

CREATE POLICY tenant ON public.token_lookups TO baraza_app USING ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((tenant_id = ( SELECT (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: tenant_keys; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.tenant_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: token_lookups; Type: ROW SECURITY; Schema: public; Owner: -
--

ALTER TABLE public.token_lookups ENABLE ROW LEVEL SECURITY;

--
-- PostgreSQL database dump complete
--



--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('20261124000100'),
    ('20261124000200'),
    ('20261124000300'),
    ('20261124000400'),
    ('20261124000500'),
    ('20261124000600'),
    ('20261124000700'),
    ('20261124000800'),
    ('20261124003100'),
    ('20261124003200'),
    ('20261124004100'),
    ('20261124004200'),
    ('20261124005100'),
    ('20261124005200'),
    ('20261124005300'),
    ('20261124005400'),
    ('20261124006100'),
    ('20261124006200'),
    ('20261124006900'),
    ('20261124007200'),
    ('20261124007210');
