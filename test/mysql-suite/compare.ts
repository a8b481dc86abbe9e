// Our parser beside the real server: who takes which statement for grammatical.

import type { Connection } from 'mysql2/promise'
import { canonicalise } from '../../src/sql/mysql/canonical.ts'
import { parse } from '../../src/sql/mysql/parse.ts'
import type { ParseContext } from '../../src/sql/mysql/syntax.ts'

export interface Compared {
  readonly statement: string
  readonly rows: boolean
  /** Undefined: the server could not tell. */
  readonly server: boolean | undefined
  readonly ours: boolean
  readonly message: string
  readonly position: number
}

const syntaxError = 1064
/** Errors that the server's parser raises before it has seen the whole text. */
const raisedWhileParsing: ReadonlySet<number> = new Set([
  1046, 1101, 1102, 1111, 1113, 1115, 1118, 1120, 1125, 1149, 1193, 1210, 1221, 1228, 1231, 1232, 1234, 1235,
  1238, 1239, 1246, 1248, 1253, 1272, 1273, 1286, 1296, 1303, 1304, 1305, 1308, 1309, 1310, 1313, 1314, 1318,
  1320, 1324, 1327, 1330, 1331, 1332, 1333, 1334, 1335, 1336, 1337, 1338, 1351, 1352, 1357, 1362, 1363, 1364,
  1373, 1382, 1407, 1413, 1414, 1415, 1422, 1425, 1426, 1435, 1436, 1439, 1453, 1458, 1459, 1463, 1470, 1471,
  1475, 1476, 1479, 1480, 1483, 1491, 1492, 1493, 1495, 1496, 1504, 1512, 1513, 1542, 1550, 1564, 1580, 1582,
  1583, 1584, 1616, 1641, 1642, 1645, 1646, 1647, 1648, 1654, 1655, 1657, 1690, 1697, 1758, 1887, 1901, 1911,
  1912, 1913, 1914, 1939, 1949, 1970, 4001, 4002, 4003, 4004, 4005, 4016, 4018, 4031, 4041, 4052, 4060, 4062,
  4065, 4066, 4077, 4080, 4081, 4090, 4100, 4107, 4110, 4111, 4124, 4125, 4126, 4127, 4128, 4129, 4130, 4131,
  4132, 4133, 4134, 4135, 4136, 4137, 4139, 4142, 4160, 4161, 4162, 4164, 4165, 4167,
])

const rowStatement = /^\W*(select|insert|update|delete|replace|with)\b/i

export function readByUs(
  statement: string,
  context: ParseContext,
): { ours: boolean; message: string; position: number } {
  const canonical = canonicalise(statement, context)
  const found = canonical.problem ?? parse(canonical.text, context)
  if (found.kind === 'problem') return { ours: false, message: found.message, position: found.position }
  return { ours: true, message: '', position: 0 }
}

export async function compare(
  connection: Connection,
  statement: string,
  context: ParseContext,
): Promise<Compared> {
  const server = await acceptedByServer(connection, statement)
  return { statement, rows: rowStatement.test(statement), server, ...readByUs(statement, context) }
}

/** PREPARE parses and does not run. */
export async function acceptedByServer(
  connection: Connection,
  statement: string,
): Promise<boolean | undefined> {
  try {
    await connection.query(`prepare suite from ${connection.escape(statement)}`)
    return true
  } catch (error) {
    const { errno } = error as { errno?: number }
    if (errno === undefined) throw error
    if (errno === syntaxError) return false
    return raisedWhileParsing.has(errno) ? undefined : true
  }
}

export interface Figures {
  readonly accepted: number
  readonly read: number
}

export function share(compared: readonly Compared[], rows: boolean): Figures {
  const accepted = compared.filter(one => one.server === true && one.rows === rows)
  return { accepted: accepted.length, read: accepted.filter(one => one.ours).length }
}
