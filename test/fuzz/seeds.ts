// Well-formed messages of clients, to be spoilt.

import { bind, execute, flush, int16, int32, message, parse, query, sync } from '../e2e/hostile/raw-client.ts'

export type Family = 'postgres' | 'mysql'
export const families: readonly Family[] = ['postgres', 'mysql']

const startup = (code: number, body: string): Buffer => {
  const text = Buffer.from(body, 'latin1')
  return Buffer.concat([int32(text.length + 8), int32(code), text])
}

/** `COM_*`: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html */
const command = (code: number, body: Buffer | string = '', sequence = 0): Buffer => {
  const payload = Buffer.concat([
    Buffer.of(code),
    typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
  ])
  const head = Buffer.alloc(4)
  head.writeUIntLE(payload.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, payload])
}

const statementId = (id: number): Buffer => Buffer.of(id & 0xff, 0, 0, 0)

/** The first words of somebody whom nobody knows yet. */
export const firstSeeds: Readonly<Record<Family, readonly Buffer[]>> = {
  postgres: [
    startup(196_608, 'user\0mallory\0database\0postgres\0application_name\0psql\0\0'),
    startup(80_877_103, ''),
    startup(80_877_104, ''),
    startup(80_877_102, '\0\0\x10\0\x12\x34\x56\x78'),
    Buffer.concat([
      startup(196_608, 'user\0mallory\0\0'),
      message('p', 'SCRAM-SHA-256\0', int32(32), 'n,,n=,r=abcdefghijklmnopqrstuvwx'),
      message('p', 'c=biws,r=abc,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts='),
    ]),
  ],
  mysql: [
    // HandshakeResponse41: flags, packet size, character set, filler, user, proof, database, plugin.
    Buffer.concat([
      Buffer.of(0x62, 0, 0, 1),
      Buffer.of(0x8d, 0xa6, 0x0f, 0, 0, 0, 0, 1, 45),
      Buffer.alloc(23),
      Buffer.from('mallory\0', 'latin1'),
      Buffer.of(20),
      Buffer.alloc(20, 7),
      Buffer.from('sekisho\0mysql_native_password\0', 'latin1'),
    ]),
    // SSLRequest, and a TLS record that is none.
    Buffer.concat([
      Buffer.of(0x20, 0, 0, 1, 0x8d, 0xae, 0x0f, 0, 0, 0, 0, 1, 45),
      Buffer.alloc(23),
      Buffer.from('\x16\x03\x01\x00\x05hello', 'latin1'),
    ]),
    command(0x03, 'SELECT 1', 1),
  ],
}

const emails = 'select id, email from customers order by id'

/** What a client says once it is known. */
export const clientSeeds: Readonly<Record<Family, readonly Buffer[]>> = {
  postgres: [
    query(emails),
    query("begin; insert into customers (name, email, country) values ('a', 'b', 'c'); rollback"),
    query('copy (select id, email from customers) to stdout'),
    Buffer.concat([
      query('copy orders (customer_id, total) from stdin'),
      message('d', '1\t2\n'),
      message('c'),
    ]),
    Buffer.concat([
      parse('s', emails),
      bind('p', 's'),
      message('D', 'Pp\0'),
      execute('p', 3),
      execute('p'),
      sync,
    ]),
    Buffer.concat([
      parse('', 'select $1::int'),
      message('B', '\0\0', int16(0), int16(1), int32(1), '7', int16(0)),
      execute(''),
      flush,
      sync,
    ]),
    Buffer.concat([message('C', 'Ss\0'), sync]),
    message('F', int32(1), int16(0), int16(0), int16(0)),
    message('X'),
  ],
  mysql: [
    command(0x03, emails),
    command(0x03, 'SELECT 1; SELECT 2; SELECT email FROM customers'),
    command(0x03, "LOAD DATA LOCAL INFILE 'x' INTO TABLE customers"),
    command(0x16, 'SELECT id, email FROM customers WHERE id = ?'),
    Buffer.concat([
      command(0x16, emails),
      command(0x17, Buffer.concat([statementId(1), Buffer.of(1, 1, 0, 0, 0)])),
      command(0x1c, Buffer.concat([statementId(1), Buffer.of(5, 0, 0, 0)])),
      command(0x19, statementId(1)),
    ]),
    command(0x18, Buffer.concat([statementId(1), Buffer.of(0, 0), Buffer.from('long')])),
    command(0x02, 'sekisho'),
    command(0x04, 'customers\0%'),
    command(0x0a),
    command(0x0e),
    command(0x11, 'mallory\0\x14aaaaaaaaaaaaaaaaaaaasekisho\0\x2d\0mysql_native_password\0'),
    command(0x1b, '\x01\0'),
    command(0x1f),
    command(0x01),
  ],
}
