import * as Flags from '@oclif/core/flags'
import {SECRETS} from '../../src/api/core/v1.ts'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {readInput} from '../../src/cli/input-files.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {makeSecret} from '../../src/operations/secret/make-secret.ts'

export default class SecretCreate extends BaseCommand {
  static override summary = 'Create a secret'
  static override examples = [
    '# From values\n<%= config.bin %> secret create db --from-literal user=admin,password=PASSWORD',
    '# For the certificate of a domain\n<%= config.bin %> secret create web-certificate --tls-cert web.crt --tls-key web.key',
  ]
  static override args = {name: requiredName('secret')}
  static override flags = {
    'from-literal': Flags.string({
      char: 'l',
      summary: 'Comma-separated values',
      helpValue: 'KEY=VALUE',
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
    }),
    type: Flags.string({summary: 'Type of the secret', helpValue: 'TYPE'}),
    'tls-cert': Flags.string({summary: 'File with a certificate', helpValue: 'FILE'}),
    'tls-key': Flags.string({summary: 'File with the key of the certificate', helpValue: 'FILE'}),
    ...previewFlags,
    ...namespaceFlags,
  }
  static override argumentsNeeded =
    "'kntool secret create' requires the secret name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(SecretCreate)
    const {'from-literal': literals, 'tls-cert': certificate, 'tls-key': key, type} = flags
    const command = 'kntool secret create'
    if (literals !== undefined && (certificate !== undefined || key !== undefined)) {
      throw usageError("TLS flags can't be combined with other options", command)
    }
    if ((certificate === undefined) !== (key === undefined)) {
      throw usageError('both --tls-cert and --tls-key flags are required', command)
    }
    const tls =
      certificate && key
        ? {
            certificate: await readInput(certificate, '--tls-cert'),
            key: await readInput(key, '--tls-key'),
          }
        : undefined
    const {name} = args
    const content = {literals, tls, type}
    // Before there is a connection, so that wrong flags reach no cluster.
    makeSecret({namespace: '', name}, content)
    const {client, namespace} = await this.connect(flags, 'write')
    await client.create(SECRETS, makeSecret({namespace, name}, content))
    this.print(`Secret '${name}' created in namespace '${namespace}'.\n`)
  }
}
