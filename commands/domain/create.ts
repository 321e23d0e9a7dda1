import * as Flags from '@oclif/core/flags'
import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {referenceFlags, requireReference} from '../../src/cli/flags/domain-flags.ts'
import {namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {createDomain} from '../../src/operations/domain/write-domain.ts'

export default class DomainCreate extends BaseCommand {
  static override summary = 'Map a host name to a service or a route'
  static override examples = [
    '# Map a host name to a service\n<%= config.bin %> domain create web.example.com --ref web',
    '# With a certificate\n<%= config.bin %> domain create web.example.com --ref web --tls web-certificate',
    '# To a route of another namespace\n<%= config.bin %> domain create web.example.com --ref kroute:web:prod',
  ]
  static override args = {name: requiredName('domain mapping, which is the host name')}
  static override flags = {
    ...referenceFlags,
    tls: Flags.string({summary: 'Secret with the certificate of the host', helpValue: 'SECRET'}),
    ...previewFlags,
    ...namespaceFlags,
  }
  static override argumentsNeeded =
    "'kntool domain create' requires the domain name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DomainCreate)
    const {name} = args
    const ref = requireReference(flags.ref, 'kntool domain create')
    const {client, namespace} = await this.connect(flags, 'write')
    await createDomain(client, {namespace, name, ref, tls: flags.tls})
    this.print(`Domain mapping '${name}' created in namespace '${namespace}'.\n`)
  }
}
