// The trees that MySQL's and MariaDB's SQL is read into, and what a reader of them may rely on.
//
// Agreement between the parser (lexer.ts, canonical.ts, parse*.ts) and everybody who walks the trees:
//
// 1. `canonicalise(text, context)` comes first; its text has the same length as the user's. That text is parsed, and that
//    text is what positions (`start`, `end`: UTF-16 offsets, `end` behind the last sign) and splices speak of.
// 2. Every node is a plain object with `kind`, `start`, `end`. Children sit directly in properties, in arrays or in arrays
//    of arrays; nothing is hidden in closures or maps. A walk over all properties therefore sees everything.
// 3. Every table, view or sequence that a statement names is a node `table` (where rows are read or written: FROM, UPDATE,
//    DELETE …) or `table-name` (everywhere else); routines are `routine-name`, schemas a `Name` in a property `schema`.
//    Every expression is a tree in full. What is not read in full is a node `opaque` (bodies of routines only).
// 4. Only words that this product and version does not reserve become names; names are decoded (`text`) and keep their
//    span with the quotes (`start`, `end`). Nothing is folded: comparing without case is the reader's business.
// 5. `undefined` means: not written. Arrays are empty if nothing was written. Upper case in string fields is the parser's
//    (operators, words of the language), so they may be compared with ===.
// 6. Chains of operators (`a OR b OR …`) lean to the left and may be as long as the text: walk down `left` in a loop, or be
//    ready for a RangeError. Everything else is nested `limits.statementDepthMax` deep at most.
// 7. A function whose name is one of `nearFunctions` (parse-words.ts) and whose bracket is not `adjacent` is, without
//    IGNORE_SPACE, not the server's but a stored function of that name. It has the form `native`.
// 8. The span of a query or expression is without the brackets around it; `bracketed`, `subquery` and `row` have theirs.
// 9. What the parser does not know is a problem with a position, never a guess. `parse` never throws.

export interface Span {
  readonly start: number
  readonly end: number
}

export type Product = 'mysql' | 'mariadb'

export interface SqlMode {
  readonly ansiQuotes: boolean
  readonly noBackslashEscapes: boolean
  readonly pipesAsConcat: boolean
  readonly ignoreSpace: boolean
  readonly highNotPrecedence: boolean
  /** MariaDB's `sql_mode=ORACLE`, another grammar: every text is refused. */
  readonly oracle: boolean
}

export const sqlModeUsual: SqlMode = {
  ansiQuotes: false,
  noBackslashEscapes: false,
  pipesAsConcat: false,
  ignoreSpace: false,
  highNotPrecedence: false,
  oracle: false,
}

export interface ParseContext {
  readonly product: Product
  /** As the server prints it in version comments: 101119 (MariaDB 10.11.19), 50624, 80036, 90704. */
  readonly version: number
  readonly sqlMode: SqlMode
  /** Character set of the connection, `utf8mb4`. The text is decoded already. */
  readonly characterSet: string
}

export interface ParseProblem {
  readonly kind: 'problem'
  readonly message: string
  /** UTF-16 offset. */
  readonly position: number
}

export interface Canonical {
  /** As long as the text given; the very same string if it has no comment that could run. */
  readonly text: string
  readonly problem?: ParseProblem
}

export interface ParsedStatements {
  readonly kind: 'statements'
  /** `a; b; c` are three. Empty statements are left out. */
  readonly statements: readonly Statement[]
  /** Number of `?` of all statements. */
  readonly parameters: number
}

export type Parsed = ParsedStatements | ParseProblem

// ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Name extends Span {
  readonly kind: 'name'
  readonly text: string
  readonly quoted: boolean
}

/** A table, view or sequence that is named outside of FROM. `.t` has no schema. */
export interface TableName extends Span {
  readonly kind: 'table-name'
  readonly schema: Name | undefined
  readonly name: Name
}

/** A procedure, function, trigger, event, package. */
export interface RoutineName extends Span {
  readonly kind: 'routine-name'
  readonly schema: Name | undefined
  readonly name: Name
}

/** An account or a role: `u@h`, `'u'@'h'`, `CURRENT_USER`, `CURRENT_ROLE`, `PUBLIC`. */
export interface Account extends Span {
  readonly kind: 'account'
  readonly user: string
  readonly host: string | undefined
  /** Written as the word CURRENT_USER, CURRENT_ROLE, NONE, DEFAULT, ALL …, not as a name. */
  readonly word: string | undefined
}

// ── expressions ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Expression =
  | Literal
  | Column
  | Star
  | Call
  | Cast
  | Unary
  | Binary
  | Between
  | In
  | Like
  | Is
  | Exists
  | Quantified
  | Case
  | Row
  | Subquery
  | Collate
  | Interval
  | Match
  | UserVariable
  | SystemVariable
  | Assign
  | Parameter
  | DefaultValue
  | InsertedValue
  | Odbc
  | SequenceValue
  | Word

export interface Literal extends Span {
  readonly kind: 'literal'
  /** `hex` is `0x…` and `x'…'`, `bit` `0b…` and `b'…'`, `temporal` DATE/TIME/TIMESTAMP '…'. */
  readonly type: 'string' | 'number' | 'hex' | 'bit' | 'null' | 'boolean' | 'temporal'
  /** Decoded string (adjacent strings joined); number as written; for the rest as written. */
  readonly value: string
  /** `UTF8MB4` of `_utf8mb4'…'`; `N` of `N'…'`; DATE, TIME, TIMESTAMP of `temporal`. */
  readonly introducer: string | undefined
}

/** One to three parts: column, table.column, schema.table.column. May also be a local variable of a routine. */
export interface Column extends Span {
  readonly kind: 'column'
  readonly parts: readonly Name[]
}

/** `*`, `t.*`, `s.t.*`: in select lists and in `count(*)`. */
export interface Star extends Span {
  readonly kind: 'star'
  readonly parts: readonly Name[]
}

/**
 * Everything with the look of a function: built in, loadable, stored, aggregate, window; also forms with words inside
 * (`EXTRACT(YEAR FROM d)`, `TRIM(BOTH x FROM y)`, `SUBSTRING(a FROM 2)`, `POSITION(a IN b)`, `CONVERT(x USING utf8)`, `CHAR(1 USING x)`,
 * `WEIGHT_STRING(a AS CHAR(3))`, `GET_FORMAT(DATE, 'USA')`, `TIMESTAMPADD(DAY, 1, d)`) and functions without brackets (`CURRENT_USER`,
 * `CURRENT_TIMESTAMP`, `UTC_DATE`, `LOCALTIME`). Words inside are `words`, expressions are `args`, in order of writing.
 */
export interface Call extends Span {
  readonly kind: 'call'
  /** One part, or schema and function. */
  readonly parts: readonly Name[]
  /** Last part in upper case. */
  readonly name: string
  /** `keyword`: the grammar knows the word itself; `native`: by name (a stored function of the current schema may be meant). */
  readonly form: 'keyword' | 'native'
  /** Whether `(` follows without white space; no brackets at all: true. */
  readonly adjacent: boolean
  /** Whether there are brackets. */
  readonly brackets: boolean
  readonly distinct: boolean
  readonly args: readonly Expression[]
  /** `f(a AS x)`: one for each argument, for loadable functions only; else empty. */
  readonly argAliases: readonly (Name | undefined)[]
  readonly words: readonly string[]
  readonly orderBy: readonly OrderItem[]
  readonly separator: Literal | undefined
  readonly limit: Limit | undefined
  readonly withinGroup: readonly OrderItem[]
  /** Data type of `WEIGHT_STRING(a AS …)`, `JSON_VALUE(… RETURNING …)`. */
  readonly type: DataType | undefined
  /** Expressions of ON EMPTY / ON ERROR DEFAULT. */
  readonly defaults: readonly Expression[]
  readonly over: WindowName | WindowSpecification | undefined
}

/** `CAST(x AS t)`, `CONVERT(x, t)`, `BINARY x` is a unary. */
export interface Cast extends Span {
  readonly kind: 'cast'
  readonly operand: Expression
  readonly type: DataType
  /** MySQL 8: `AT TIME ZONE '…'`; `ARRAY`. */
  readonly words: readonly string[]
}

export interface DataType extends Span {
  readonly kind: 'type'
  /** Upper case, without length: `VARCHAR`, `INT`, `DOUBLE PRECISION`. */
  readonly name: string
  /** Upper case words behind: UNSIGNED, ZEROFILL, BINARY, CHARACTER SET's name is in `characterSet`. */
  readonly words: readonly string[]
  readonly lengths: readonly string[]
  /** Of ENUM and SET. */
  readonly values: readonly Literal[]
  readonly characterSet: string | undefined
  readonly collation: string | undefined
  /** `TYPE OF table`, `TYPE OF table.column` (routines of MariaDB). */
  readonly like: readonly Name[]
}

export interface Unary extends Span {
  readonly kind: 'unary'
  readonly operator: 'NOT' | '!' | '-' | '+' | '~' | 'BINARY' | 'PRIOR'
  readonly operand: Expression
}

export interface Binary extends Span {
  readonly kind: 'binary'
  /** Upper case; `||` is told apart: 'OR' by default and 'CONCAT' with PIPES_AS_CONCAT; `&&` is 'AND'; `!=` is '<>'; `%` is 'MOD'. */
  readonly operator:
    | 'OR'
    | 'XOR'
    | 'AND'
    | 'CONCAT'
    | '='
    | '<=>'
    | '<>'
    | '<'
    | '<='
    | '>'
    | '>='
    | 'REGEXP'
    | 'NOT REGEXP'
    | 'SOUNDS LIKE'
    | 'MEMBER OF'
    | '|'
    | '&'
    | '<<'
    | '>>'
    | '+'
    | '-'
    | '*'
    | '/'
    | 'DIV'
    | 'MOD'
    | '^'
    | '->'
    | '->>'
  readonly left: Expression
  readonly right: Expression
}

export interface Between extends Span {
  readonly kind: 'between'
  readonly not: boolean
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
}

export interface In extends Span {
  readonly kind: 'in'
  readonly not: boolean
  readonly operand: Expression
  /** The list, or one `subquery`. */
  readonly list: readonly Expression[]
}

export interface Like extends Span {
  readonly kind: 'like'
  readonly not: boolean
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | undefined
}

export interface Is extends Span {
  readonly kind: 'is'
  readonly not: boolean
  readonly operand: Expression
  /** IS NULL, IS TRUE, IS FALSE, IS UNKNOWN, IS JSON (by version). */
  readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'
}

export interface Exists extends Span {
  readonly kind: 'exists'
  readonly query: Query
}

/** `a > ANY (SELECT …)`. */
export interface Quantified extends Span {
  readonly kind: 'quantified'
  readonly operator: '=' | '<=>' | '<>' | '<' | '<=' | '>' | '>='
  readonly quantifier: 'ANY' | 'ALL'
  readonly operand: Expression
  readonly query: Query
}

export interface Case extends Span {
  readonly kind: 'case'
  readonly operand: Expression | undefined
  readonly branches: readonly When[]
  readonly otherwise: Expression | undefined
}

export interface When extends Span {
  readonly kind: 'when'
  readonly condition: Expression
  readonly result: Expression
}

/** `(a, b)`, `ROW(a, b)`. A bracketed single expression has no node of its own: its inner node keeps its inner span. */
export interface Row extends Span {
  readonly kind: 'row'
  readonly items: readonly Expression[]
}

/** `(SELECT …)` as a value; the span has the brackets. */
export interface Subquery extends Span {
  readonly kind: 'subquery'
  readonly query: Query
}

export interface Collate extends Span {
  readonly kind: 'collate'
  readonly operand: Expression
  readonly collation: string
}

/** `INTERVAL 1 DAY` as an operand of + and -, or as an argument. `INTERVAL(a, b, …)` is a call. */
export interface Interval extends Span {
  readonly kind: 'interval'
  readonly value: Expression
  readonly unit: string
}

export interface Match extends Span {
  readonly kind: 'match'
  readonly columns: readonly Column[]
  readonly against: Expression
  /** Upper case: `IN BOOLEAN MODE`, `IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION` …, '' if not written. */
  readonly mode: string
}

export interface UserVariable extends Span {
  readonly kind: 'user-variable'
  readonly name: string
}

export interface SystemVariable extends Span {
  readonly kind: 'system-variable'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | 'PERSIST' | 'PERSIST_ONLY' | undefined
  /** One part, or two: `@@hot.key_buffer_size`. */
  readonly parts: readonly Name[]
}

/** `@a := 1`. */
export interface Assign extends Span {
  readonly kind: 'assign'
  readonly variable: UserVariable
  readonly value: Expression
}

export interface Parameter extends Span {
  readonly kind: 'parameter'
  /** From 0, over the whole text. */
  readonly index: number
}

/** `DEFAULT` in VALUES, SET …; `DEFAULT(c)` anywhere. */
export interface DefaultValue extends Span {
  readonly kind: 'default'
  readonly column: Column | undefined
}

/** `VALUES(c)`, `VALUE(c)`: what an INSERT would have put into the column. */
export interface InsertedValue extends Span {
  readonly kind: 'inserted-value'
  readonly column: Column
}

/** `{d '2020-01-01'}`, `{fn now()}`: `{identifier expression}`. */
export interface Odbc extends Span {
  readonly kind: 'odbc'
  readonly name: Name
  readonly operand: Expression
}

/** `NEXT VALUE FOR s`, `PREVIOUS VALUE FOR s`, `NEXTVAL(s)`, `LASTVAL(s)`, `SETVAL(s, …)` of MariaDB. */
export interface SequenceValue extends Span {
  readonly kind: 'sequence-value'
  readonly operation: 'NEXT' | 'PREVIOUS' | 'SET'
  readonly sequence: TableName
  readonly args: readonly Expression[]
}

/** A word where an expression may stand: `SET x = ON`, `INSERT … VALUES (IGNORE)`. Upper case. */
export interface Word extends Span {
  readonly kind: 'word'
  readonly word: string
}

export interface OrderItem extends Span {
  readonly kind: 'order-item'
  readonly expression: Expression
  readonly direction: 'ASC' | 'DESC' | undefined
}

export interface WindowName extends Span {
  readonly kind: 'window-name'
  readonly name: Name
}

export interface WindowSpecification extends Span {
  readonly kind: 'window'
  readonly base: Name | undefined
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  /** Expressions of the frame: `ROWS BETWEEN 2 PRECEDING …`. */
  readonly frame: readonly Expression[]
}

export interface NamedWindow extends Span {
  readonly kind: 'named-window'
  readonly name: Name
  readonly window: WindowSpecification
}

// ── queries ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A query expression. `(SELECT … LIMIT 1) ORDER BY a` is a query whose body is a query. Its ORDER BY sees the tables of its
 * body if that is a `select`. The span is without the brackets around it, except where it is the body of another query
 * (`bracketed`).
 */
export interface Query extends Span {
  readonly kind: 'query'
  readonly with: With | undefined
  readonly body: QueryBody
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
  readonly locks: readonly Lock[]
  readonly into: Into | undefined
  /** `PROCEDURE ANALYSE(…)`. */
  readonly procedure: Call | undefined
}

export type QueryBody = Select | ValuesRows | TableQuery | SetOperation | Bracketed

/** `( query )` as part of a query; the span has the brackets. */
export interface Bracketed extends Span {
  readonly kind: 'bracketed'
  readonly query: Query
}

export interface SetOperation extends Span {
  readonly kind: 'set-operation'
  /** INTERSECT binds tighter where the server says so; else from the left. */
  readonly operator: 'UNION' | 'EXCEPT' | 'INTERSECT'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}

export interface Select extends Span {
  readonly kind: 'select'
  /** Upper case: DISTINCT, ALL, STRAIGHT_JOIN, HIGH_PRIORITY, SQL_CALC_FOUND_ROWS, SQL_NO_CACHE … */
  readonly options: readonly string[]
  readonly items: readonly SelectItem[]
  /** INTO between the list and FROM. */
  readonly into: Into | undefined
  /** Comma-separated; empty without FROM and with FROM DUAL. */
  readonly from: readonly TableReference[]
  readonly where: Expression | undefined
  readonly groupBy: readonly OrderItem[]
  readonly rollup: boolean
  readonly having: Expression | undefined
  readonly windows: readonly NamedWindow[]
  readonly qualify: Expression | undefined
}

export interface SelectItem extends Span {
  readonly kind: 'select-item'
  /** A `star` node for `*` and `t.*`. */
  readonly expression: Expression
  /** A string may be an alias too. */
  readonly alias: Name | undefined
}

/** `VALUES (1, 2), (3, 4)`, `VALUES ROW(1, 2), …`. */
export interface ValuesRows extends Span {
  readonly kind: 'values'
  readonly rows: readonly (readonly Expression[])[]
}

/** `TABLE t` of MySQL 8. */
export interface TableQuery extends Span {
  readonly kind: 'table-query'
  readonly table: Table
}

export interface With extends Span {
  readonly kind: 'with'
  readonly recursive: boolean
  readonly expressions: readonly CommonTable[]
}

export interface CommonTable extends Span {
  readonly kind: 'common-table'
  readonly name: Name
  readonly columns: readonly Name[]
  readonly query: Query
  /** `CYCLE c RESTRICT`. */
  readonly cycle: readonly Name[]
}

export interface Limit extends Span {
  readonly kind: 'limit'
  readonly count: Expression | undefined
  readonly offset: Expression | undefined
  /** `ROWS EXAMINED n`. */
  readonly examined: Expression | undefined
  readonly withTies: boolean
  /** FETCH FIRST instead of LIMIT. */
  readonly fetch: boolean
}

export interface Lock extends Span {
  readonly kind: 'lock'
  /** `SHARE` is both FOR SHARE and LOCK IN SHARE MODE. */
  readonly mode: 'UPDATE' | 'SHARE'
  readonly of: readonly TableName[]
  /** `WAIT n` keeps only WAIT. */
  readonly wait: 'NOWAIT' | 'SKIP LOCKED' | 'WAIT' | undefined
}

export interface Into extends Span {
  readonly kind: 'into'
  readonly form: 'OUTFILE' | 'DUMPFILE' | 'VARIABLES'
  readonly file: Literal | undefined
  readonly variables: readonly (UserVariable | Column)[]
}

// ── tables in FROM ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type TableReference = Table | Derived | Join | Nested | JsonTable | TableFunction

export interface Table extends Span {
  readonly kind: 'table'
  readonly schema: Name | undefined
  readonly name: Name
  /** Span of schema and name alone; `end` of the node is behind alias and index hints. */
  readonly nameStart: number
  readonly nameEnd: number
  readonly partitions: readonly Name[]
  readonly period: Period | undefined
  readonly alias: Name | undefined
  /** `USE INDEX (a)` … */
  readonly indexHints: readonly IndexHint[]
}

export interface IndexHint extends Span {
  readonly kind: 'index-hint'
}

/** `FOR SYSTEM_TIME AS OF x`, `BETWEEN a AND b`, `FROM a TO b`, `ALL`; also `FOR p …`. */
export interface Period extends Span {
  readonly kind: 'period'
  readonly name: Name
  readonly form: 'AS OF' | 'BETWEEN' | 'FROM' | 'ALL' | 'BEFORE'
  readonly expressions: readonly Expression[]
}

/** `(SELECT …) AS a (x, y)`, `LATERAL (SELECT …) a`. */
export interface Derived extends Span {
  readonly kind: 'derived'
  readonly lateral: boolean
  readonly query: Query
  readonly alias: Name | undefined
  readonly columns: readonly Name[]
}

export interface Join extends Span {
  readonly kind: 'join'
  /** `INNER` is also written JOIN, CROSS JOIN; NATURAL has the side it is written with. */
  readonly type: 'INNER' | 'STRAIGHT' | 'LEFT' | 'RIGHT' | 'FULL'
  readonly natural: boolean
  readonly left: TableReference
  readonly right: TableReference
  readonly on: Expression | undefined
  /** Undefined: no USING. */
  readonly using: readonly Name[] | undefined
}

/** `(t1, t2)`, `(t1 JOIN t2)`, `{oj …}`. */
export interface Nested extends Span {
  readonly kind: 'nested'
  readonly tables: readonly TableReference[]
}

export interface JsonTable extends Span {
  readonly kind: 'json-table'
  readonly document: Expression
  /** Expressions of the column list (paths and defaults). */
  readonly expressions: readonly Expression[]
  /** Names of the columns, nested ones too, in order. */
  readonly columns: readonly Name[]
  readonly alias: Name | undefined
}

/** Never made today: table-valued functions are refused. */
export interface TableFunction extends Span {
  readonly kind: 'table-function'
  readonly call: Call
  readonly alias: Name | undefined
}

// ── statements that read and change rows ───────────────────────────────────────────────────────────────────────────────

export interface Assignment extends Span {
  readonly kind: 'assignment'
  readonly column: Column
  readonly value: Expression
}

export interface Insert extends Span {
  readonly kind: 'insert'
  readonly verb: 'INSERT' | 'REPLACE'
  /** LOW_PRIORITY, DELAYED, HIGH_PRIORITY, IGNORE. */
  readonly options: readonly string[]
  readonly table: Table
  /** Undefined: no list. `()` is an empty one. `t.c` and `s.t.c` have all parts. */
  readonly columns: readonly Column[] | undefined
  /** SET becomes one row and `columns`. */
  readonly source: ValuesRows | Query
  readonly form: 'VALUES' | 'SET' | 'QUERY'
  /** `AS new (a, b)` of MySQL 8. */
  readonly rowAlias: Name | undefined
  readonly rowColumns: readonly Name[]
  readonly onDuplicate: readonly Assignment[]
  readonly returning: readonly SelectItem[]
}

export interface Update extends Span {
  readonly kind: 'update'
  readonly with: With | undefined
  readonly options: readonly string[]
  /** One table without join: the single-table form. */
  readonly tables: readonly TableReference[]
  /** `FOR PORTION OF p FROM a TO b`. */
  readonly portion: Period | undefined
  readonly assignments: readonly Assignment[]
  readonly where: Expression | undefined
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
}

export interface Delete extends Span {
  readonly kind: 'delete'
  readonly with: With | undefined
  readonly options: readonly string[]
  /** `single`: DELETE FROM t; `from`: DELETE a, b FROM …; `using`: DELETE FROM a, b USING …. */
  readonly form: 'single' | 'from' | 'using'
  /** What rows are deleted from; names or aliases of `tables`. Empty if single. */
  readonly targets: readonly TableName[]
  readonly tables: readonly TableReference[]
  readonly portion: Period | undefined
  readonly where: Expression | undefined
  readonly orderBy: readonly OrderItem[]
  readonly limit: Limit | undefined
  readonly returning: readonly SelectItem[]
}

export interface LoadData extends Span {
  readonly kind: 'load'
  readonly format: 'DATA' | 'XML'
  readonly local: boolean
  readonly file: Literal
  readonly options: readonly string[]
  readonly table: Table
  readonly columns: readonly (Column | UserVariable)[]
  readonly assignments: readonly Assignment[]
}

export interface Do extends Span {
  readonly kind: 'do'
  readonly expressions: readonly SelectItem[]
}

export interface CallProcedure extends Span {
  readonly kind: 'call-procedure'
  readonly routine: RoutineName
  readonly args: readonly Expression[]
}

export interface Handler extends Span {
  readonly kind: 'handler'
  readonly verb: 'OPEN' | 'READ' | 'CLOSE'
  readonly table: TableName
  readonly alias: Name | undefined
  readonly index: Name | undefined
  readonly keys: readonly Expression[]
  readonly where: Expression | undefined
  readonly limit: Limit | undefined
}

// ── statements of the session ──────────────────────────────────────────────────────────────────────────────────────────

export interface SetStatement extends Span {
  readonly kind: 'set'
  readonly items: readonly SetItem[]
  /** `SET STATEMENT a = 1 FOR statement`. */
  readonly for: Statement | undefined
}

export type SetItem =
  | SetVariable
  | SetUserVariable
  | SetNames
  | SetCharacterSet
  | SetTransaction
  | SetPassword
  | SetRole

/** A system variable, or a local variable of a routine (one part, no scope, not `@@`), or NEW.c in a trigger. */
export interface SetVariable extends Span {
  readonly kind: 'set-variable'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | 'PERSIST' | 'PERSIST_ONLY' | undefined
  readonly parts: readonly Name[]
  /** `default` node for DEFAULT; bare words (ON, ALL, BINARY, utf8) are `word` or a `column` of one part. */
  readonly value: Expression
}

export interface SetUserVariable extends Span {
  readonly kind: 'set-user-variable'
  readonly variable: UserVariable
  readonly value: Expression
}

export interface SetNames extends Span {
  readonly kind: 'set-names'
  /** Undefined: DEFAULT. Lower case. */
  readonly characterSet: string | undefined
  readonly collation: string | undefined
}

export interface SetCharacterSet extends Span {
  readonly kind: 'set-character-set'
  readonly characterSet: string | undefined
}

export interface SetTransaction extends Span {
  readonly kind: 'set-transaction'
  readonly scope: 'GLOBAL' | 'SESSION' | 'LOCAL' | undefined
  /** `READ ONLY`, `READ WRITE`, `ISOLATION LEVEL READ COMMITTED` … */
  readonly characteristics: readonly string[]
}

export interface SetPassword extends Span {
  readonly kind: 'set-password'
  readonly account: Account | undefined
}

export interface SetRole extends Span {
  readonly kind: 'set-role'
  /** `SET DEFAULT ROLE`. */
  readonly asDefault: boolean
  readonly roles: readonly Account[]
}

/**
 * `what` in the words of the manual, without FULL, EXTENDED, GLOBAL, FROM …: 'TABLES', 'COLUMNS', 'INDEX' (also KEYS, INDEXES), 'CREATE TABLE',
 * 'CREATE VIEW', 'DATABASES' (also SCHEMAS), 'VARIABLES', 'STATUS', 'WARNINGS', 'ERRORS', 'TABLE STATUS', 'PROCESSLIST', 'GRANTS', 'COUNT WARNINGS' …
 */
export interface Show extends Span {
  readonly kind: 'show'
  readonly what: string
  /** FULL, EXTENDED, GLOBAL, SESSION, ALL … as written before `what`. */
  readonly options: readonly string[]
  readonly schema: Name | undefined
  readonly table: TableName | undefined
  readonly routine: RoutineName | undefined
  readonly account: Account | undefined
  readonly like: Literal | undefined
  readonly where: Expression | undefined
  readonly limit: Limit | undefined
  /** Anything else that it was asked with: engine, log file, position, query number. */
  readonly args: readonly Expression[]
}

/** `DESCRIBE t`, `DESC t c`, `EXPLAIN t`. */
export interface Describe extends Span {
  readonly kind: 'describe'
  readonly table: TableName
  /** Column name or pattern. */
  readonly column: Name | undefined
}

export interface Explain extends Span {
  readonly kind: 'explain'
  /** `ANALYZE statement` and `EXPLAIN ANALYZE` run the statement. */
  readonly analyze: boolean
  /** EXTENDED, PARTITIONS, FORMAT=JSON … */
  readonly options: readonly string[]
  /** Undefined with `connection`. */
  readonly statement: Statement | undefined
  /** `EXPLAIN FOR CONNECTION n`, `SHOW EXPLAIN FOR n`. */
  readonly connection: Expression | undefined
  /** MySQL 8.1: `INTO @v`. */
  readonly into: UserVariable | undefined
}

export interface Use extends Span {
  readonly kind: 'use'
  readonly schema: Name
}

export interface Transaction extends Span {
  readonly kind: 'transaction'
  readonly verb: 'BEGIN' | 'COMMIT' | 'ROLLBACK' | 'SAVEPOINT' | 'ROLLBACK TO' | 'RELEASE'
  /** READ ONLY, READ WRITE, WITH CONSISTENT SNAPSHOT, CHAIN, NO CHAIN, RELEASE, NO RELEASE. */
  readonly options: readonly string[]
  readonly savepoint: Name | undefined
}

export interface Xa extends Span {
  readonly kind: 'xa'
  readonly verb: 'START' | 'END' | 'PREPARE' | 'COMMIT' | 'ROLLBACK' | 'RECOVER'
}

export interface LockTables extends Span {
  readonly kind: 'lock-tables'
  readonly tables: readonly LockedTable[]
}

export interface LockedTable extends Span {
  readonly kind: 'locked-table'
  readonly table: TableName
  readonly alias: Name | undefined
  /** READ, READ LOCAL, WRITE, LOW_PRIORITY WRITE, WRITE CONCURRENT. */
  readonly mode: string
}

export interface UnlockTables extends Span {
  readonly kind: 'unlock-tables'
}

export interface Prepare extends Span {
  readonly kind: 'prepare'
  readonly name: Name
  /** A literal or a user variable; in MariaDB any expression. */
  readonly source: Expression
}

export interface Execute extends Span {
  readonly kind: 'execute'
  readonly name: Name
  readonly using: readonly Expression[]
}

export interface ExecuteImmediate extends Span {
  readonly kind: 'execute-immediate'
  readonly source: Expression
  readonly using: readonly Expression[]
}

export interface Deallocate extends Span {
  readonly kind: 'deallocate'
  readonly name: Name
}

export interface Kill extends Span {
  readonly kind: 'kill'
  /** HARD, SOFT, CONNECTION, QUERY, QUERY ID. */
  readonly options: readonly string[]
  /** `KILL USER u`. */
  readonly account: Account | undefined
  readonly target: Expression | undefined
}

// ── definitions ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Table options (ENGINE, COMMENT, DATA DIRECTORY, UNION, CONNECTION …): names in upper case. */
export interface Option extends Span {
  readonly kind: 'option'
  readonly name: string
  /** As written, decoded if a string. */
  readonly value: string
  /** Tables of UNION=(…). */
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
}

export interface ColumnDefinition extends Span {
  readonly kind: 'column-definition'
  readonly name: Name
  /** Undefined: taken from the query of CREATE … SELECT, or `c SERIAL`-like words are in the type. */
  readonly type: DataType | undefined
  /** `GENERATED ALWAYS AS (…)`. */
  readonly generated: Expression | undefined
  /** Expressions of DEFAULT, ON UPDATE, CHECK, INVISIBLE …, in order. */
  readonly expressions: readonly Expression[]
  readonly references: Reference | undefined
  /** Words in upper case: NOT NULL, NULL, PRIMARY KEY, UNIQUE, AUTO_INCREMENT, INVISIBLE, VIRTUAL, STORED, WITHOUT SYSTEM VERSIONING … */
  readonly words: readonly string[]
}

export interface Reference extends Span {
  readonly kind: 'reference'
  readonly table: TableName
  readonly columns: readonly Name[]
}

/** Keys, constraints, checks, periods. */
export interface TableElement extends Span {
  readonly kind: 'table-element'
  readonly type:
    | 'INDEX'
    | 'PRIMARY KEY'
    | 'UNIQUE'
    | 'FULLTEXT'
    | 'SPATIAL'
    | 'VECTOR'
    | 'FOREIGN KEY'
    | 'CHECK'
    | 'PERIOD'
  readonly name: Name | undefined
  readonly columns: readonly Name[]
  /** Functional key parts and the condition of CHECK. */
  readonly expressions: readonly Expression[]
  readonly references: Reference | undefined
}

export interface Partitioning extends Span {
  readonly kind: 'partitioning'
  readonly columns: readonly Name[]
  readonly expressions: readonly Expression[]
  readonly options: readonly Option[]
}

export interface CreateTable extends Span {
  readonly kind: 'create-table'
  readonly orReplace: boolean
  readonly temporary: boolean
  readonly ifNotExists: boolean
  readonly table: TableName
  readonly like: TableName | undefined
  readonly columns: readonly ColumnDefinition[]
  readonly elements: readonly TableElement[]
  readonly options: readonly Option[]
  readonly partitioning: Partitioning | undefined
  readonly query: Query | undefined
}

export interface AlterTable extends Span {
  readonly kind: 'alter-table'
  readonly table: TableName
  readonly options: readonly string[]
  readonly actions: readonly AlterAction[]
}

export interface AlterAction extends Span {
  readonly kind: 'alter-action'
  /** ADD COLUMN, DROP COLUMN, MODIFY, CHANGE, ADD INDEX, DROP INDEX, RENAME, RENAME COLUMN, ORDER BY, CONVERT, ENGINE …, EXCHANGE PARTITION … */
  readonly action: string
  /** Old names: column, index, constraint, partition. */
  readonly names: readonly Name[]
  readonly columns: readonly ColumnDefinition[]
  readonly elements: readonly TableElement[]
  /** RENAME TO, EXCHANGE PARTITION WITH TABLE. */
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly options: readonly Option[]
  readonly partitioning: Partitioning | undefined
}

export interface CreateView extends Span {
  readonly kind: 'create-view'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  /** ALTER VIEW has the same form. */
  readonly alter: boolean
  readonly definer: Account | undefined
  readonly security: 'DEFINER' | 'INVOKER' | undefined
  readonly view: TableName
  readonly columns: readonly Name[]
  readonly query: Query
  readonly checkOption: boolean
}

export interface CreateIndex extends Span {
  readonly kind: 'create-index'
  readonly table: TableName
  readonly element: TableElement
}

export interface RoutineParameter extends Span {
  readonly kind: 'routine-parameter'
  readonly mode: 'IN' | 'OUT' | 'INOUT' | undefined
  readonly name: Name
  readonly type: DataType
  readonly default: Expression | undefined
}

/** CREATE PROCEDURE, FUNCTION, TRIGGER, EVENT (ALTER EVENT too). */
export interface CreateRoutine extends Span {
  readonly kind: 'create-routine'
  readonly object: 'PROCEDURE' | 'FUNCTION' | 'TRIGGER' | 'EVENT'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly aggregate: boolean
  readonly alter: boolean
  readonly definer: Account | undefined
  readonly name: RoutineName
  readonly parameters: readonly RoutineParameter[]
  readonly returns: DataType | undefined
  /** SQL SECURITY INVOKER, DETERMINISTIC, READS SQL DATA …, upper case. */
  readonly characteristics: readonly string[]
  /** Of a trigger: BEFORE INSERT ON t. */
  readonly timing: string | undefined
  readonly table: TableName | undefined
  /** Of an event's schedule. */
  readonly expressions: readonly Expression[]
  readonly body: Statement | Opaque | undefined
}

/** Text that is not read: a body in another language. */
export interface Opaque extends Span {
  readonly kind: 'opaque'
}

/** CREATE DATABASE, ALTER DATABASE. */
export interface DefineSchema extends Span {
  readonly kind: 'define-schema'
  readonly verb: 'CREATE' | 'ALTER'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  /** Undefined: the current one. */
  readonly schema: Name | undefined
  readonly options: readonly Option[]
}

/** CREATE SEQUENCE, ALTER SEQUENCE. */
export interface DefineSequence extends Span {
  readonly kind: 'define-sequence'
  readonly verb: 'CREATE' | 'ALTER'
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly sequence: TableName
  readonly options: readonly Option[]
}

/** DROP TABLE, VIEW, SEQUENCE (tables), INDEX (tables, names), DATABASE (schema), PROCEDURE, FUNCTION, TRIGGER, EVENT (routines), USER, ROLE, SERVER … */
export interface Drop extends Span {
  readonly kind: 'drop'
  readonly object: string
  readonly ifExists: boolean
  readonly temporary: boolean
  readonly tables: readonly TableName[]
  readonly routines: readonly RoutineName[]
  readonly accounts: readonly Account[]
  readonly schema: Name | undefined
  readonly names: readonly Name[]
}

export interface RenameTables extends Span {
  readonly kind: 'rename-tables'
  /** From, to, from, to … */
  readonly tables: readonly TableName[]
}

export interface Truncate extends Span {
  readonly kind: 'truncate'
  readonly table: TableName
}

/** ANALYZE, CHECK, OPTIMIZE, REPAIR, CHECKSUM TABLE; CACHE INDEX, LOAD INDEX INTO CACHE. */
export interface TableMaintenance extends Span {
  readonly kind: 'table-maintenance'
  readonly verb: 'ANALYZE' | 'CHECK' | 'OPTIMIZE' | 'REPAIR' | 'CHECKSUM' | 'CACHE INDEX' | 'LOAD INDEX'
  readonly tables: readonly TableName[]
  readonly options: readonly string[]
}

/** GRANT, REVOKE of privileges, roles, proxies. */
export interface Grant extends Span {
  readonly kind: 'grant'
  readonly verb: 'GRANT' | 'REVOKE'
  readonly privileges: readonly Privilege[]
  /** `*` has neither; `s.*` has schema. */
  readonly on:
    | {
        readonly object: 'TABLE' | 'PROCEDURE' | 'FUNCTION' | 'PACKAGE' | 'PROXY'
        readonly schema: Name | undefined
        readonly name: Name | undefined
      }
    | undefined
  readonly accounts: readonly Account[]
  readonly options: readonly string[]
}

export interface Privilege extends Span {
  readonly kind: 'privilege'
  /** Upper case: SELECT, ALL PRIVILEGES; or the role's name. */
  readonly name: string
  readonly columns: readonly Name[]
}

/** CREATE, ALTER, RENAME USER; CREATE ROLE. */
export interface DefineAccounts extends Span {
  readonly kind: 'define-accounts'
  readonly verb: 'CREATE USER' | 'ALTER USER' | 'RENAME USER' | 'CREATE ROLE'
  readonly accounts: readonly Account[]
}

/**
 * What only an administrator does, named by its words: FLUSH …, RESET …, PURGE …, CHANGE MASTER …, START SLAVE …, INSTALL PLUGIN …,
 * UNINSTALL …, BINLOG …, SHUTDOWN, CREATE SERVER, ALTER SERVER, CREATE TABLESPACE, ALTER INSTANCE, CLONE, IMPORT TABLE, BACKUP STAGE …
 */
export interface Administer extends Span {
  readonly kind: 'administer'
  /** Upper case: 'FLUSH', 'FLUSH TABLES', 'RESET', 'PURGE', 'CHANGE MASTER', 'INSTALL PLUGIN' … */
  readonly verb: string
  readonly tables: readonly TableName[]
  readonly expressions: readonly Expression[]
}

export interface Help extends Span {
  readonly kind: 'help'
}

/** SIGNAL, RESIGNAL, GET DIAGNOSTICS. */
export interface Diagnostics extends Span {
  readonly kind: 'diagnostics'
  readonly verb: 'SIGNAL' | 'RESIGNAL' | 'GET'
  readonly expressions: readonly Expression[]
  /** Variables that GET DIAGNOSTICS sets. */
  readonly variables: readonly (UserVariable | Column)[]
}

// ── statements in routines and in `BEGIN NOT ATOMIC` ───────────────────────────────────────────────────────────────────

/** BEGIN … END with its declarations as statements in order. */
export interface Block extends Span {
  readonly kind: 'block'
  readonly label: Name | undefined
  /** `BEGIN NOT ATOMIC` at the top. */
  readonly notAtomic: boolean
  readonly statements: readonly Statement[]
}

/** IF, CASE, LOOP, WHILE, REPEAT, FOR, LEAVE, ITERATE, RETURN, DECLARE, OPEN, FETCH, CLOSE. */
export interface Control extends Span {
  readonly kind: 'control'
  readonly verb: string
  readonly names: readonly Name[]
  readonly types: readonly DataType[]
  readonly expressions: readonly Expression[]
  readonly queries: readonly Query[]
  readonly statements: readonly Statement[]
}

export type Statement =
  | Query
  | Insert
  | Update
  | Delete
  | LoadData
  | Do
  | CallProcedure
  | Handler
  | SetStatement
  | Show
  | Describe
  | Explain
  | Use
  | Transaction
  | Xa
  | LockTables
  | UnlockTables
  | Prepare
  | Execute
  | ExecuteImmediate
  | Deallocate
  | Kill
  | CreateTable
  | AlterTable
  | CreateView
  | CreateIndex
  | CreateRoutine
  | DefineSchema
  | DefineSequence
  | Drop
  | RenameTables
  | Truncate
  | TableMaintenance
  | Grant
  | DefineAccounts
  | Administer
  | Help
  | Diagnostics
  | Block
  | Control
