import * as Flags from '@oclif/core/flags'
import {integerFlag} from './common-flags.ts'

/** Which embedded cluster of this machine. */
export const localFlags = {
  name: Flags.string({
    summary: 'Name of the cluster (default: default)',
    helpValue: 'NAME',
    env: 'KNTOOL_CLUSTER',
  }),
  'data-dir': Flags.string({
    summary: 'Folder to keep everything in, instead of the one of the name',
    helpValue: 'DIR',
    env: 'KNTOOL_DATA_DIR',
  }),
}

/** Where such a cluster listens. */
export const listenFlags = {
  'api-port': integerFlag({
    summary: 'Port of the Kubernetes API (default: the last one, or any free one)',
    helpValue: 'PORT',
    env: 'KNTOOL_API_PORT',
  }),
  'gateway-port': integerFlag({
    summary: 'Port of the gateway; 0 for any free one (default: 8080)',
    helpValue: 'PORT',
    env: 'KNTOOL_GATEWAY_PORT',
  }),
  'gateway-https-port': integerFlag({
    summary: 'Port of the gateway for HTTPS; 0 for any free one (default: 8443 where it is free)',
    helpValue: 'PORT',
    env: 'KNTOOL_GATEWAY_HTTPS_PORT',
  }),
}
