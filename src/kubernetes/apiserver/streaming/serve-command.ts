import {messageOf} from '../../../util/message-of.ts'
import type {ContainerAccess} from '../../../api/remote-command.ts'
import type {CommandRequest} from './stream-request.ts'
import type {CommandConnection} from './command-connection.ts'
import {encodeOutcome, type Outcome} from './outcome.ts'
import type {CommandProtocol} from './protocols.ts'

/** Runs what the client asked for on its connection, and tells it how that ended. Never rejects. */
export async function serveCommand(
  request: CommandRequest,
  open: () => ContainerAccess,
  connection: CommandConnection,
  protocol: CommandProtocol,
): Promise<void> {
  const outcome = await run(request, open, connection)
  await connection.finish(encodeOutcome(outcome, protocol))
}

async function run(
  {kind, command}: CommandRequest,
  open: () => ContainerAccess,
  {streams}: CommandConnection,
): Promise<Outcome> {
  let access: ContainerAccess
  try {
    access = open()
  } catch (error) {
    return {failure: `unable to upgrade connection: ${messageOf(error)}`}
  }
  try {
    if (kind === 'exec') return {exitCode: await access.exec(command, streams), command}
    await access.attach(streams)
    return {exitCode: 0, command}
  } catch (error) {
    const what = kind === 'exec' ? 'executing command in' : 'attaching to'
    return {failure: `error ${what} container: ${messageOf(error)}`}
  }
}
