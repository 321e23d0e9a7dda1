/** `networking.istio.io/v1beta1`, as far as net-istio writes it and the gateway reads it. */
import type {KubeObject} from '../meta/object.ts'
import {resourceType} from '../meta/resource-type.ts'

/** A match on a string. Exactly one field is set. */
export interface StringMatch {
  exact?: string
  prefix?: string
  regex?: string
}
/** Header operations. */
export interface HeaderOperations {
  set?: Record<string, string>
  add?: Record<string, string>
  remove?: string[]
}
/** Header operations of both directions. */
export interface Headers {
  request?: HeaderOperations
  response?: HeaderOperations
}
/** A weighted destination. */
export interface HTTPRouteDestination {
  destination: {host: string; subset?: string; port?: {number?: number}}
  weight?: number
  headers?: Headers
}
/** Conditions that must all hold. */
export interface HTTPMatchRequest {
  uri?: StringMatch
  authority?: StringMatch
  method?: StringMatch
  scheme?: StringMatch
  headers?: Record<string, StringMatch>
  gateways?: string[]
  port?: number
}
/** One HTTP route: the first whose match holds wins. */
export interface HTTPRoute {
  name?: string
  match?: HTTPMatchRequest[]
  route?: HTTPRouteDestination[]
  redirect?: Record<string, unknown>
  rewrite?: {authority?: string; uri?: string}
  headers?: Headers
  retries?: Record<string, unknown>
  timeout?: string
}
/** VirtualService. */
export interface VirtualService extends KubeObject {
  spec: {gateways?: string[]; hosts?: string[]; http?: HTTPRoute[]}
}
/** A port a Gateway opens. */
export interface GatewayServer {
  hosts: string[]
  port: {name?: string; number: number; protocol: string}
  tls?: GatewayServerTls
}
/** How a port of a Gateway is encrypted. */
export interface GatewayServerTls {
  mode?: string
  credentialName?: string
  serverCertificate?: string
  privateKey?: string
  minProtocolVersion?: string
  httpsRedirect?: boolean
}
/** Gateway. */
export interface Gateway extends KubeObject {
  spec: {selector?: Record<string, string>; servers?: GatewayServer[]}
}
/** DestinationRule: how a host is spoken to. */
export interface DestinationRule extends KubeObject {
  spec: {
    host: string
    trafficPolicy?: {
      connectionPool?: {http?: {h2UpgradePolicy?: string}}
      tls?: {mode: string; credentialName?: string; subjectAltNames?: string[]}
    }
  }
}

export const DESTINATION_RULES = resourceType<DestinationRule>(
  'networking.istio.io/v1beta1',
  'DestinationRule',
  'destinationrules',
)
export const VIRTUAL_SERVICES = resourceType<VirtualService>(
  'networking.istio.io/v1beta1',
  'VirtualService',
  'virtualservices',
)
export const GATEWAYS = resourceType<Gateway>('networking.istio.io/v1beta1', 'Gateway', 'gateways')
