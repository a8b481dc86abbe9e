// How to connect to a target with one's own program.

import { Alert, Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs'
import IconPlugX from '@tabler/icons-react/dist/esm/icons/IconPlugX.mjs'
import { Fragment } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import {
  type ConnectionFacts,
  jdbcUrl,
  mariadbCommand,
  mariadbJdbcUrl,
  mysqlDsn,
  psqlCommand,
} from '../../format/connection.ts'
import { productOf } from '../../format/product.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { Empty } from '../../parts/page.tsx'
import { CodeLine, CopyIcon } from '../../parts/copy.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'
import { TokenDialog } from '../self/token-dialog.tsx'

/** `undefined`: native programs have no port to go to. */
export function connectionFacts(target: TargetRow, user: string): ConnectionFacts | undefined {
  const { gatewayHost: host, listenPort: port, database } = target
  return port === undefined ? undefined : { host, port, database, user }
}

export function ConnectTab({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const me = useMe()
  const [making, make] = useDisclosure(false)
  const facts = connectionFacts(target, me.user.name)
  if (facts === undefined) return <NotExposed target={target} />
  const form = [
    [t('connect.host'), facts.host],
    [t('connect.port'), String(facts.port)],
    [t('connect.database'), facts.database],
    [t('connect.user'), facts.user],
  ] as const
  return (
    <Stack gap="lg" maw={760}>
      {target.disabled && <Alert color="yellow">{t('connect.disabled')}</Alert>}
      <div className="connect-lead">
        <div>
          <h2>{t('connect.title')}</h2>
          <p>{t('connect.lead', { product: productOf[target.protocol] })}</p>
        </div>
        <Button leftSection={<IconKey size={16} />} onClick={make.open}>
          {t('connect.makeToken')}
        </Button>
      </div>
      {target.protocol === 'mysql' ? (
        <Way name={t('connect.mariadb')} value={mariadbCommand(facts)} />
      ) : (
        <Way name={t('connect.psql')} value={psqlCommand(facts)} />
      )}
      <section className="connect-way">
        <h3>{t('connect.form')}</h3>
        <dl className="facts facts--copy card">
          {form.map(([fact, value]) => (
            <Fragment key={fact}>
              <dt>{fact}</dt>
              <dd>
                <code className="mono">{value}</code>
                <CopyIcon value={value} label={fact} />
              </dd>
            </Fragment>
          ))}
          <dt>{t('connect.password')}</dt>
          <dd>{t('connect.passwordIs')}</dd>
          <dt>{t('connect.tls')}</dt>
          <dd>{t('connect.tlsRequire')}</dd>
        </dl>
      </section>
      <Way
        name={t('connect.jdbc')}
        value={target.protocol === 'mysql' ? mariadbJdbcUrl(facts) : jdbcUrl(facts)}
      />
      {target.protocol === 'mysql' && <Way name={t('connect.dsn')} value={mysqlDsn(facts)} />}
      <TokenDialog opened={making} onClose={make.close} target={target} />
    </Stack>
  )
}

function NotExposed({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  return (
    <Empty
      icon={<IconPlugX size={40} stroke={1.4} />}
      title={t('targetList.notExposed')}
      text={t('targetList.notExposedHint')}
    >
      <LinkButton to="/sql" search={{ target: target.id }} variant="light">
        {t('targets.openSql')}
      </LinkButton>
    </Empty>
  )
}

function Way({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <section className="connect-way">
      <h3>{name}</h3>
      <CodeLine value={value} label={name} />
    </section>
  )
}
