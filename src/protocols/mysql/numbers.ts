// Numbers of the protocol: first bytes of what client and server say, and the bits of a session's state.

/** First byte of what a client asks for. */
export const command = {
  sleep: 0x00,
  quit: 0x01,
  initDb: 0x02,
  query: 0x03,
  fieldList: 0x04,
  createDb: 0x05,
  dropDb: 0x06,
  refresh: 0x07,
  shutdown: 0x08,
  statistics: 0x09,
  processInfo: 0x0a,
  connect: 0x0b,
  processKill: 0x0c,
  debug: 0x0d,
  ping: 0x0e,
  time: 0x0f,
  delayedInsert: 0x10,
  changeUser: 0x11,
  binlogDump: 0x12,
  tableDump: 0x13,
  connectOut: 0x14,
  registerSlave: 0x15,
  stmtPrepare: 0x16,
  stmtExecute: 0x17,
  stmtSendLongData: 0x18,
  stmtClose: 0x19,
  stmtReset: 0x1a,
  setOption: 0x1b,
  stmtFetch: 0x1c,
  daemon: 0x1d,
  binlogDumpGtid: 0x1e,
  resetConnection: 0x1f,
  clone: 0x20,
  subscribeGroupReplicationStream: 0x21,
  /** MariaDB's. */
  stmtBulkExecute: 0xfa,
  multi: 0xfe,
} as const

/** First byte of what a server answers, where a first byte decides. */
export const answer = {
  ok: 0x00,
  authMoreData: 0x01,
  localInfile: 0xfb,
  /** End of rows; also a request to log in by another method. Rows can begin with it if they are longer than 16 MB. */
  eof: 0xfe,
  err: 0xff,
} as const

/** Bits of what a server says about its session. */
export const status = {
  inTransaction: 0x0001,
  autocommit: 0x0002,
  moreResults: 0x0008,
  noGoodIndex: 0x0010,
  noIndex: 0x0020,
  cursorExists: 0x0040,
  lastRowSent: 0x0080,
  databaseDropped: 0x0100,
  noBackslashEscapes: 0x0200,
  metadataChanged: 0x0400,
  wasSlow: 0x0800,
  outParameters: 0x1000,
  inReadOnlyTransaction: 0x2000,
  sessionStateChanged: 0x4000,
  /** MariaDB's. */
  ansiQuotes: 0x8000,
} as const
