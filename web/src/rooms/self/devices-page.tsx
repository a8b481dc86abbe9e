// Computers with the user agent: one's own, for administrators everybody's, each to be revoked alone.

import { Code } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import IconDeviceLaptop from '@tabler/icons-react/dist/esm/icons/IconDeviceLaptop.mjs'
import { useState } from 'react'
import type { DeviceRow } from '../../../../src/console/contract.ts'
import { call } from '../../api/http.ts'
import { queryClient } from '../../api/queries.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { CodeLine } from '../../parts/copy.tsx'
import { Empty, PageHead, Placeholder, Problem } from '../../parts/page.tsx'
import { useWords } from '../../parts/words.ts'
import { useIsAdministrator } from '../../shell/me.ts'
import { RevokeCell, SinceCell } from './pass-cells.tsx'

const devicesQuery = queryOptions({ queryKey: ['devices'], queryFn: () => call('GET /api/devices') })
const tunnelQuery = queryOptions({ queryKey: ['tunnel'], queryFn: () => call('GET /api/device/tunnel') })

export function DevicesPage() {
  const { t } = useWords()
  const isAdministrator = useIsAdministrator()
  const devices = useQuery(devicesQuery)
  const tunnel = useQuery(tunnelQuery)
  const [revoking, setRevoking] = useState<DeviceRow>()
  const revoke = useMutation({
    mutationFn: (device: DeviceRow) => call('DELETE /api/devices/:id', { params: { id: device.id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: devicesQuery.queryKey })
      setRevoking(undefined)
      notifications.show({ message: t('devices.revoked'), color: 'teal' })
    },
  })
  return (
    <div className="page">
      <PageHead title={t(isAdministrator ? 'devices.titleAll' : 'devices.title')} lead={t('devices.lead')} />
      <Problem error={devices.error} onRetry={() => void devices.refetch()} />
      <div className="card">
        {devices.isPending && <Placeholder rows={3} />}
        {devices.data?.length === 0 && (
          <Empty
            icon={<IconDeviceLaptop size={40} stroke={1.4} />}
            title={t('devices.empty')}
            text={t('devices.emptyHint')}
          >
            <CodeLine value={`sekisho login ${window.location.origin}`} label={t('devices.emptyHint')} />
          </Empty>
        )}
        {devices.data !== undefined && devices.data.length > 0 && (
          <DeviceList devices={devices.data} onRevoke={setRevoking} />
        )}
      </div>
      {tunnel.data !== undefined && (
        <p className="dim">
          {t('devices.fingerprint')}: <Code>{tunnel.data.fingerprint}</Code>
          <br />
          {t('devices.fingerprintHint')}
        </p>
      )}
      <Confirm
        opened={revoking !== undefined}
        title={t('devices.revoke')}
        text={t('devices.revokeSure', { name: revoking?.name ?? '', user: revoking?.userName ?? '' })}
        action={t('devices.revoke')}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking !== undefined && revoke.mutate(revoking)}
        onClose={() => setRevoking(undefined)}
      />
    </div>
  )
}

function DeviceList(props: {
  readonly devices: readonly DeviceRow[]
  readonly onRevoke: (device: DeviceRow) => void
}) {
  const { t, time, relative } = useWords()
  const isAdministrator = useIsAdministrator()
  return (
    <table className="list-table">
      <thead>
        <tr>
          <th>{t('devices.name')}</th>
          {isAdministrator && <th>{t('devices.user')}</th>}
          <th>{t('devices.system')}</th>
          <th>{t('devices.signedIn')}</th>
          <th>{t('devices.until')}</th>
          <th>{t('devices.lastSeen')}</th>
          <th aria-label={t('common.actions')} />
        </tr>
      </thead>
      <tbody>
        {props.devices.map(device => (
          <tr key={device.id}>
            <td>
              <strong>{device.name}</strong>
            </td>
            {isAdministrator && <td>{device.userName}</td>}
            <td className="dim">{device.system}</td>
            <SinceCell ms={device.createdAtMs} />
            <td title={time(device.signedInUntilMs)}>{relative(device.signedInUntilMs)}</td>
            <td className="dim" title={`${time(device.lastSeenAtMs)}, ${device.lastAddress}`}>
              {relative(device.lastSeenAtMs)}
            </td>
            <RevokeCell
              action={t('devices.revoke')}
              name={device.name}
              onRevoke={() => props.onRevoke(device)}
            />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
