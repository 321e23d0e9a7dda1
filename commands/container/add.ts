import {requiredName} from '../../src/cli/arguments.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {readPipedContainers} from '../../src/cli/piped-containers.ts'
import {podFlags, readServiceEdits} from '../../src/cli/flags/service-flags.ts'
import {usageError} from '../../src/cli/usage-error.ts'
import {describeContainer} from '../../src/operations/container/describe-container.ts'
import {printYaml} from '../../src/util/yaml/print-yaml.ts'

export default class ContainerAdd extends BaseCommand {
  static override summary = 'Describe a container to add to a service'
  static override description =
    'Prints the container for --containers of service create, update and apply. What is piped in ' +
    'from another such command comes after it.'
  static override examples = [
    '# Describe a container\n<%= config.bin %> container add sidecar --image example.com/sidecar',
    '# A service with two more containers\n<%= config.bin %> container add first --image IMAGE | ' +
      '<%= config.bin %> container add second --image IMAGE | ' +
      '<%= config.bin %> service create web --image IMAGE --port 8080 --containers -',
  ]
  static override args = {name: requiredName('container')}
  static override flags = podFlags
  static override argumentsNeeded =
    "'container add' requires the container name given as single argument"

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ContainerAdd)
    if (!flags.image) {
      throw usageError(
        "'container add' requires the image name to run provided with the --image option",
        'kntool container add',
      )
    }
    const {containers: given, ...edits} = await readServiceEdits(flags, this.given)
    const before = given ?? (await readPipedContainers())
    this.print(printYaml(describeContainer(args.name, edits, before)))
  }
}
