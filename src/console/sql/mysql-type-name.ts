// Names of the types of MySQL and MariaDB by what the protocol says of a column, and their values as the SQL page shows
// them. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html

/** Of a column definition. */
export interface MysqlField {
  readonly columnType?: number | undefined
  readonly flags?: number | readonly string[] | undefined
  readonly characterSet?: number | undefined
}

const names: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  6: 'null',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  14: 'date',
  15: 'varchar',
  16: 'bit',
  17: 'timestamp',
  18: 'datetime',
  19: 'time',
  242: 'vector',
  245: 'json',
  246: 'decimal',
  247: 'enum',
  248: 'set',
  249: 'tinyblob',
  250: 'mediumblob',
  251: 'longblob',
  252: 'blob',
  253: 'varchar',
  254: 'char',
  255: 'geometry',
}

const binaryCharset = 63
const unsignedFlag = 0x20
const enumFlag = 0x100
const setFlag = 0x800

/** Types whose values are bytes of any kind where their character set is `binary`. */
const isText = (type: number): boolean => type === 15 || (type >= 249 && type <= 254)
const isInteger = (type: number): boolean => [1, 2, 3, 8, 9].includes(type)

export function mysqlTypeName(field: MysqlField): string {
  const type = field.columnType ?? -1
  const name = names[type] ?? `type ${type}`
  const flags = typeof field.flags === 'number' ? field.flags : 0
  if ((flags & enumFlag) !== 0) return 'enum'
  if ((flags & setFlag) !== 0) return 'set'
  if (isInteger(type) || type === 246 || type === 0)
    return (flags & unsignedFlag) === 0 ? name : `${name} unsigned`
  if (!isText(type)) return name
  const isBinary = field.characterSet === binaryCharset
  if (type >= 249 && type <= 252) return isBinary ? name : name.replace('blob', 'text')
  return isBinary ? name.replace('char', 'binary') : name
}

/** A value of the text protocol: bytes that are no text as hexadecimal digits. */
export function mysqlValue(field: MysqlField | undefined, value: Buffer | null): string | null {
  if (value === null) return null
  const type = field?.columnType ?? -1
  const isBytes =
    type === 255 || type === 16 || type === 242 || (isText(type) && field?.characterSet === binaryCharset)
  return isBytes ? `0x${value.toString('hex').toUpperCase()}` : value.toString('utf8')
}
