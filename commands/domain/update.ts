import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {referenceFlags, requireReference} from '../../src/cli/flags/domain-flags.ts'
import {namespaceFlags} from '../../src/cli/flags/common-flags.ts'
import {previewFlags} from '../../src/cli/flags/preview-flags.ts'
import {updateDomain} from '../../src/operations/domain/write-domain.ts'

export default class DomainUpdate extends BaseCommand {
  static override summary = 'Map a host name to something else'
  static override examples = [
    '# Map a host name to another service\n<%= config.bin %> domain update web.example.com --ref new-web',
  ]
  static override args = {name: requiredName('domain mapping, which is the host name')}
  static override flags = {...referenceFlags, ...previewFlags, ...namespaceFlags}
  static override argumentsNeeded =
    "'kntool domain update' requires the domain name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DomainUpdate)
    const {name} = args
    const ref = requireReference(flags.ref, 'kntool domain update')
    const connection = await this.connect(flags, 'write')
    const {namespace} = connection
    await updateDomain(connection, {namespace, name, ref})
    this.print(`Domain mapping '${name}' updated in namespace '${namespace}'.\n`)
  }
}
