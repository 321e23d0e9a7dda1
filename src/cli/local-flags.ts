import * as Flags from '@oclif/core/flags'

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
