// Every limit of the gateway, by name, with its default. `_Ms` are milliseconds, `BytesMax` bytes, `Max` counts.

export const limits = {
  /** One message of a client; PostgreSQL itself allows 1 GiB. */
  messageBytesMax: 64 * 1024 * 1024,
  /** The message that opens a connection, before anybody is known (PostgreSQL allows 10,000). */
  startupBytesMax: 10_000,
  /** From accepting a connection until the user is known. */
  loginTimeoutMs: 30_000,
  /** Until the target answers a connection attempt. */
  targetConnectTimeoutMs: 10_000,
  /** How long a client of MySQL waits to be greeted as its target would, while that is not known yet. */
  targetGreetingWaitMs: 2_000,
  /** Least time between two attempts to learn how a target greets. */
  targetGreetingRetryMs: 5_000,
  /** A session in which neither side says anything. */
  idleTimeoutMs: 8 * 60 * 60 * 1000,
  /** Header of the PROXY protocol, with all that is attached to it. */
  proxyHeaderBytesMax: 4_096,
  /** Until a jump host is given up, and from the last use until its connection is closed. */
  jumpConnectTimeoutMs: 10_000,
  jumpIdleMs: 60_000,
  /** Between signs of life towards a jump host; after three without an answer it is given up. */
  jumpKeepAliveMs: 15_000,
  /** Connections to targets by way of one jump host. */
  jumpChannelsMax: 2_000,
  /** Connections that have not yet signed in, for the whole server. */
  pendingLoginsMax: 200,
  /** Characters kept of what somebody who was turned away calls himself and his program. */
  strangerCharsMax: 128,
  /** Connections of clients to one target. */
  connectionsPerTargetMax: 2_000,
  /** Open sessions of one user, over all targets. */
  sessionsPerUserMax: 200,
  /** Statement text that is read; longer ones are refused. */
  statementCharsMax: 1_000_000,
  /** Nesting of expressions that is followed. */
  statementDepthMax: 1_000,
  /** Rows of one statement of which a target may have snapshots kept, and bytes of their values on either side of it. */
  snapshotRowsCeiling: 1_000,
  snapshotBytesMax: 4 * 1024 * 1024,
  /** How long snapshots are kept, and how often older ones are looked for. */
  snapshotDaysMax: 30,
  snapshotSweepMs: 60 * 60 * 1000,
  /** Normalised statement kept in the audit. */
  shapeCharsMax: 4_000,
  /** Readings of statements kept, for all sessions of a target together. */
  readingCacheMax: 2_000,
  /** Prepared statements and portals of one session. */
  preparedPerSessionMax: 5_000,
  /** Texts that one session of MySQL may have prepared by PREPARE, and tables of its own making that are remembered. */
  preparedTextsMax: 500,
  sessionTablesMax: 1_000,
  /** Age at which the picture of a target's tables is taken anew. */
  schemaAgeMaxMs: 60_000,
  /** Least time between two occasions on which a name that it does not know makes it be taken anew. */
  schemaRetryMs: 1_000,
  /** How long one answer of policies that look at the time is good for. */
  viewAgeMaxMs: 1_000,
  /** Until the picture of a target's tables must be there. */
  schemaTimeoutMs: 30_000,
  /** Bytes held for a receiver that does not read before the sender is paused. */
  relayBufferBytesMax: 1024 * 1024,
  /** How long a stopping server waits for its sessions. */
  drainTimeoutMs: 10_000,
  /** Journal bytes in one file. */
  journalSegmentBytesMax: 64 * 1024 * 1024,
  /** Until written journal bytes are on disk. */
  journalSyncMs: 20,
  /** Journal bytes of one turn of the event loop held in memory before they are written. */
  journalTurnBytesMax: 8 * 1024 * 1024,
  /** Events that nobody waits for (outcomes, ends of sessions), kept while the journal cannot be written. */
  journalKeptEventsMax: 20_000,
  /** Between attempts to write a journal that could not be written. */
  journalProbeMs: 1_000,
  /** How long ago a write may be to still count as proof that the journal can be written. */
  journalProbeAgeMs: 10_000,
  /** Until journal events on disk are carried to the server database, and the longest wait after failures. */
  carryDelayMs: 200,
  carryRetryMaxMs: 30_000,
  /** While the server is busy: the pause after a batch, in times of what the batch took. */
  carryPauseFactor: 19,
  /** New journal records in a second from which on the server counts as busy. */
  carryBusyPerSecond: 1_000,
  /** Journal events carried to the server database in one transaction. */
  carryBatchMax: 2_000,
  /** Failed sign-ins of one user before the account is locked, and for how long. */
  signInFailuresMax: 5,
  signInLockMs: 15 * 60 * 1000,
  /** Sign-in attempts from one address within a minute. */
  signInsPerMinuteMax: 20,
  /** Sign-ins of one name that wait for each other. */
  signInsWaitingMax: 50,
  /** Connection tokens of one user. */
  tokensPerUserMax: 100,
  /** Console session: without use, and at most. */
  consoleIdleMs: 60 * 60 * 1000,
  consoleLifeMs: 12 * 60 * 60 * 1000,
  /** Life of a connection token at most. */
  tokenLifeMaxMs: 365 * 24 * 60 * 60 * 1000,
  /** Life of a device's certificate, and of the sign-in within which it is renewed without asking. */
  deviceCertificateMs: 8 * 60 * 60 * 1000,
  deviceSignInMs: 7 * 24 * 60 * 60 * 1000,
  /** Time to type the code of a device, and to come back from the browser. */
  deviceCodeMs: 10 * 60 * 1000,
  deviceRedirectMs: 60_000,
  /** Devices that wait to be let in, of the whole server, and devices of one user. */
  deviceGrantsMax: 1_000,
  devicesPerUserMax: 50,
  /** Sign-ins of devices that one address may begin within a minute, and codes that it may try. */
  deviceSignInsPerMinuteMax: 20,
  /** From accepting a connection of the tunnel until it has said what it wants. */
  tunnelHandshakeTimeoutMs: 10_000,
  /** What opens a stream of the tunnel, and what may be answered to it. */
  tunnelOpeningBytesMax: 4_096,
  tunnelAnswerBytesMax: 4 * 1024 * 1024,
  /** Connections of the tunnel: of one device, and those that have not proved which device they are. */
  tunnelStreamsPerDeviceMax: 1_000,
  tunnelPendingMax: 500,
  /** How long a stream may be opened with what an earlier one agreed on. */
  tunnelResumptionMs: 60 * 60 * 1000,
  /** Targets told on one page of a list, and changed by one request. */
  targetsPageMax: 500,
  targetsBulkMax: 1_000,
  /** Between looks at a target, as far as its port and as far as a login; looks in a second, and at a time. */
  targetCheckEveryMs: 5 * 60 * 1000,
  targetLoginEveryMs: 60 * 60 * 1000,
  targetChecksPerSecondMax: 5,
  targetChecksAtOnceMax: 20,
  /** So many targets are all looked at; of more, those that somebody used or looked at within a day, and so many of them. */
  targetsAlwaysCheckedMax: 200,
  targetsCheckedMax: 5_000,
  /** Changes of state remembered of one target. */
  targetChangesMax: 20,
  /** Between readings of all targets, where other servers change them too. */
  targetsReloadMs: 5 * 60 * 1000,
  /** How soon the end of a certificate or token, and how full a limit, is told to administrators. */
  endingSoonMs: 14 * 24 * 60 * 60 * 1000,
  limitNearPercent: 80,
  /** Requests of one user that wait for an answer, and how long they wait at most. */
  requestsPendingPerUserMax: 20,
  requestLifeMs: 24 * 60 * 60 * 1000,
  /** Time that something can be approved for at most. */
  requestApprovalMaxMs: 8 * 60 * 60 * 1000,
  /** How long the same is answered by the same refusal before it can be asked for again. */
  requestRefusalHoldsMs: 15 * 60 * 1000,
  /** Rows that the SQL page shows of one result. */
  editorRowsMax: 100_000,
  /** Time that one statement of the SQL page may take. */
  editorTimeoutMs: 10 * 60 * 1000,
  /** Sessions of one user that the SQL editor holds open, how long without use, and values for placeholders of one statement. */
  editorSessionsPerUserMax: 20,
  editorIdleMs: 30 * 60 * 1000,
  editorParametersMax: 1_000,
  /** Jobs of one user that run at a time, and that are kept; hours that what they made is kept. */
  jobsRunningPerUserMax: 2,
  jobsPerUserMax: 50,
  jobFileHours: 24,
  /** Time that one statement of a job may take. */
  jobTimeoutMs: 6 * 60 * 60 * 1000,
  /** Bytes of one file that a job made or somebody uploaded, and of all of them. */
  jobFileBytesMax: 2 * 1024 * 1024 * 1024,
  jobFilesBytesMax: 10 * 1024 * 1024 * 1024,
  /** Queries that one user keeps, and that are shown with those that others share. */
  savedQueriesPerUserMax: 1_000,
  savedQueriesShownMax: 2_000,
  /** Columns of a file that is imported, and bytes of it. */
  importColumnsMax: 1_600,
  /** Texts of an Excel file that its cells share, which are kept in memory while it is read. */
  importSharedCharsMax: 64 * 1024 * 1024,
  /** Uploaded files of one user that are kept, and how long, also how long one may take to arrive. */
  uploadsPerUserMax: 5,
  uploadLifeMs: 60 * 60 * 1000,
  uploadTimeoutMs: 15 * 60 * 1000,
  importBytesMax: 256 * 1024 * 1024,
  /** Text of a whole set of policies, of one policy, of an `@id` and of a `@row_filter`. */
  policySetCharsMax: 1_000_000,
  policyCharsMax: 10_000,
  policyNameCharsMax: 100,
  rowFilterCharsMax: 2_000,
  /** Policies in a set, and problems of a set that are told at once. */
  policiesMax: 2_000,
  policyProblemsMax: 200,
  /** Nesting of brackets in one policy. */
  policyDepthMax: 40,
  /** Operators, conditionals and accesses in one policy. */
  policyOperatorsMax: 500,
  /** Moments at which the difference between two sets, and what somebody can reach, is looked at. */
  policyMomentsMax: 2_000,
  /** Questions that the difference between two sets of policies, and a page about who can reach what, may take. */
  policyQuestionsMax: 500_000,
  /** Recorded statements that a draft of policies is tried on, kinds of them, and days back. */
  replayStatementsMax: 1_000_000,
  replayShapesMax: 50_000,
  replayDaysMax: 366,
  /** Changes on record that are gone back over to tell who could reach what at some time in the past. */
  reachHistoryMax: 20_000,
  /** Statements of one text that are tried out. */
  trialStatementsMax: 100,
  /** Bytes of values that the SQL page shows of one text, and rows it sends at a time. */
  editorBytesMax: 64 * 1024 * 1024,
  editorBatchRowsMax: 200,
  /** Texts of the SQL page that one user may have running. */
  editorRunsPerUserMax: 5,
  /** Statements that one watcher sees pass in a second, the rest is counted; pages that one user may watch on. */
  liveEventsPerSecondMax: 200,
  liveWatchersPerUserMax: 5,
  /** Filters of the audit that one person keeps. */
  auditFiltersPerUserMax: 200,
  /** Requests to the console from one address within a minute, and bytes of the body of one. */
  consoleRequestsPerMinuteMax: 3_000,
  consoleBodyBytesMax: 5 * 1024 * 1024,
  /** Rules for what tools do by themselves. */
  queryRulesMax: 500,
  /** Shapes of noise that one session may have counted; further ones are recorded in full. */
  noiseShapesMax: 1_000,
  /** Counted statements of one shape after which the count is recorded. */
  noiseCountMax: 1_000,
} as const

export type Limits = { readonly [K in keyof typeof limits]: number }
