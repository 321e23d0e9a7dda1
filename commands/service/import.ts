import * as Args from '@oclif/core/args'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {namespaceFlags, outputFlags, waitFlags} from '../../src/cli/flags/common-flags.ts'
import {parseDocuments, readInput} from '../../src/cli/input-files.ts'
import {previewFlags, previewMode} from '../../src/cli/flags/preview-flags.ts'
import {serviceWriteOptions} from '../../src/cli/write-output.ts'
import {importService, parseExport} from '../../src/operations/service/import-service.ts'

export default class ServiceImport extends BaseCommand {
  static override summary = 'Create a service and its revisions from an export'
  static override examples = [
    '# From one cluster to another\n<%= config.bin %> service export web --with-revisions --mode export -o yaml > web.yaml\n' +
      '<%= config.bin %> service import web.yaml --context other',
  ]
  static override args = {
    filename: Args.string({
      description: 'File with the export; - for standard input',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override flags = {
    ...previewFlags,
    ...namespaceFlags,
    ...waitFlags('the service is ready', true),
    ...outputFlags,
  }
  static override argumentsNeeded =
    "'kntool service import' requires filename of import file as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ServiceImport)
    const {filename} = args
    const [document] = await parseDocuments(await readInput(filename, 'import file'), filename)
    const content = parseExport(document)
    const output = await serviceWriteOptions(flags, this.signal)
    const connection = await this.connect(flags, 'write')
    const {namespace} = connection
    const isPreview = previewMode(flags) !== undefined
    const outcome = await importService(connection, {namespace, content, isPreview}, output.options)
    this.print(output.render(outcome))
  }
}
