import type {UserInfo} from '../api/admission.ts'
import {Client} from '../client/client.ts'
import type {ApiServer} from '../kubernetes/apiserver/api-server.ts'

const CONTROLLER: UserInfo = {
  username: 'system:serviceaccount:knative-serving:controller',
  groups: ['system:serviceaccounts', 'system:authenticated'],
}

/**
 * The programs of a genuine cluster that write to the API, each as the user it is there. Their
 * names stand in the managed fields of what they write.
 */
const COMPONENTS = {
  'kube-controller-manager': systemUser('system:kube-controller-manager'),
  'kube-scheduler': systemUser('system:kube-scheduler'),
  kubelet: systemUser('system:node:kntool', 'system:nodes'),
  controller: CONTROLLER,
  autoscaler: CONTROLLER,
  'net-istio-controller': CONTROLLER,
} as const satisfies Readonly<Record<string, UserInfo>>

/** A client for each program of the cluster. */
export type ComponentClients = Readonly<Record<keyof typeof COMPONENTS, Client>>

/** Creates the clients by which the parts of this process use the API. */
export function createComponentClients(apiServer: ApiServer): ComponentClients {
  const clients = Object.entries(COMPONENTS).map(([component, user]) => {
    return [component, new Client(apiServer.transport(user, {component}))]
  })
  return Object.fromEntries(clients) as ComponentClients
}

function systemUser(username: string, ...groups: string[]): UserInfo {
  return {username, groups: [...groups, 'system:authenticated']}
}
