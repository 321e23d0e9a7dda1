import {conversion} from '../../apiserver/registry/conversion.ts'
import {type KindDeclaration, statusSubresource} from '../../apiserver/registry/kind.ts'
import {autoscalerFromV1, autoscalerToV1} from './conversion.ts'

/** Stored only: nothing scales by it. */
export const horizontalPodAutoscaler: KindDeclaration = {
  groupVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [statusSubresource],
  strategy: {hasStatus: true},
}

/** The same autoscalers in version 1. */
export const horizontalPodAutoscalerV1: KindDeclaration = {
  ...horizontalPodAutoscaler,
  groupVersion: 'autoscaling/v1',
  stored: {
    groupVersion: 'autoscaling/v2',
    conversion: conversion(autoscalerToV1, autoscalerFromV1),
  },
}
