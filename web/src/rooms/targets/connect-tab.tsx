// How to connect to a target with one's own program.

import { Alert, Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import IconKey from '@tabler/icons-react/dist/esm/icons/IconKey.mjs'
import { Fragment } from 'react'
import type { TargetRow } from '../../../../src/console/contract.ts'
import { type ConnectionFacts, jdbcUrl, psqlCommand } from '../../format/connection.ts'
import { CodeLine, CopyIcon } from '../../parts/copy.tsx'
import { useWords } from '../../parts/words.ts'
import { useMe } from '../../shell/me.ts'
import { TokenDialog } from '../self/token-dialog.tsx'

export function connectionFacts(target: TargetRow, user: string): ConnectionFacts {
  return { host: target.gatewayHost, port: target.listenPort, database: target.database, user }
}

export function ConnectTab({ target }: { readonly target: TargetRow }) {
  const { t } = useWords()
  const me = useMe()
  const [making, make] = useDisclosure(false)
  const facts = connectionFacts(target, me.user.name)
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
          <p>{t('connect.lead')}</p>
        </div>
        <Button leftSection={<IconKey size={16} />} onClick={make.open}>
          {t('connect.makeToken')}
        </Button>
      </div>
      <section className="connect-way">
        <h3>{t('connect.psql')}</h3>
        <CodeLine value={psqlCommand(facts)} label={t('connect.psql')} />
      </section>
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
      <section className="connect-way">
        <h3>{t('connect.jdbc')}</h3>
        <CodeLine value={jdbcUrl(facts)} label={t('connect.jdbc')} />
      </section>
      <TokenDialog opened={making} onClose={make.close} target={target} />
    </Stack>
  )
}
