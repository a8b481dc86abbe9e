// A connection as each program wants it, to copy.

import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { jdbcUrl, mariadbCommand, mariadbJdbcUrl, mysqlDsn, psqlCommand } from '../../format/connection.ts'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'

/** The same connection as each program wants it. */
export function CopyMenu(props: {
  readonly target: TargetRow
  readonly onClose: () => void
  /** The button that it hangs from. */
  readonly children: ReactNode
}) {
  const { target } = props
  const { t } = useWords()
  const me = useMe()
  const { gatewayHost: host, listenPort: port, database } = target
  if (port === undefined) return props.children
  const facts = { host, port, database, user: me.user.name }
  const isMysql = target.protocol === 'mysql'
  const ways = isMysql
    ? ([
        ['mariadb', mariadbCommand(facts)],
        ['JDBC, DBeaver', mariadbJdbcUrl(facts)],
        ['DSN', mysqlDsn(facts)],
      ] as const)
    : ([
        ['psql', psqlCommand(facts)],
        ['JDBC, DBeaver', jdbcUrl(facts)],
      ] as const)
  const copy = (value: string) => {
    void navigator.clipboard
      ?.writeText(value)
      .then(() => notifications.show({ message: t('common.copied'), color: 'teal' }))
  }
  return (
    <Menu
      opened
      onClose={props.onClose}
      position="bottom-end"
      shadow="md"
      width={320}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span>{props.children}</span>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(([name, value]) => (
          <Menu.Item key={name} onClick={() => copy(value)}>
            {name}
            <div className="home__way mono dim">{value}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
