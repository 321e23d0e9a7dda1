/**
 * kntool as a library: an embedded Knative cluster, for tests (`createCluster`) or for programs that
 * want one on real time and with ports (`startCluster`).
 *
 * @example
 *   const cluster = await createCluster({handlers: {'example.test/hello': () => new Response('hi')}})
 *   await cluster.apply(yaml)
 *   await cluster.ready('hello')
 *   await cluster.advance(5 * 60_000)
 *   await cluster.stop()
 */
export {createCluster, type CreateClusterOptions, TestCluster} from './local/create-cluster.ts'
export {startCluster} from './local/start-cluster.ts'
export type {ClusterOptions, EmbeddedCluster} from './local/cluster.ts'
export type {
  HandlerContext,
  HandlerImage,
  HandlerProgram,
  RequestHandler,
} from './kubernetes/runtimes/handler/handler-runtime.ts'
export type {Client} from './client/client.ts'
export type {Service, Revision, Route, Configuration} from './api/serving/v1.ts'
export type {Pod} from './api/core/v1.ts'
