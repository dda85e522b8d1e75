import type { Feature, LineString, Point } from 'geojson'
import type { components } from './schema'

type Schemas = components['schemas']
/** The description marks as optional what a request may leave out; an answer always has all of it. */
type Answer<T> = { readonly [K in keyof T]-?: T[K] }

export type Words = Schemas['Words']
export type Session = Schemas['SessionDocument']
export type SessionCommunity = Schemas['OwnCommunity']
export type Head = Schemas['Head']
export type Counts = Schemas['Counts']
export type GridDetail = Answer<Schemas['GridDocument']>
export type BuildingDetail = Answer<Schemas['BuildingDocument']>
export type BuildingUnit = Schemas['UnitEntry']
export type BuildingDwelling = Answer<Schemas['DwellingEntry']>
export type DwellingDetail = Answer<Schemas['DwellingDocument']>
export type AlarmDetail = Answer<Schemas['AlarmEntry']>
export type DeviceDetail = Answer<Schemas['DeviceEntry']>
export type Panorama = Answer<Schemas['Panorama']>
export type PersonDetail = Answer<Schemas['PersonDocument']>
export type HouseholdEntry = Schemas['HouseholdEntry']
export type HouseholdMember = Schemas['Member']
/** What any answer tells of a person. */
export type PersonEntry = Pick<
  Schemas['Member'],
  'id' | 'name' | 'sex' | 'age' | 'phone' | 'identity' | 'contacts' | 'reveals'
>
export type OrganisationEntry = Schemas['OrganisationEntry']
export type CarePair = Schemas['CarePairEntry']
export type TagGiven = Schemas['TagGiven']
export type Tag = Schemas['TagEntry']
export type TagClass = Schemas['TagClassEntry']
export type NewTagging = Schemas['TagToGiveRequest']
export type TaggingDone = Answer<Schemas['TaggingDocument']>
export type Stay = Schemas['Stay']
export type Look = Answer<Schemas['Look']>
export type Revealed = Schemas['RevealedField']
export type RevealSubject = Schemas['RevealRequestRequest']['subject']
export type RevealField = Schemas['RevealRequestRequest']['field']
export type Visit = Answer<Schemas['VisitDocument']>
export type VisitOutcome = Visit['outcome']
export type VisitService = Exclude<Visit['service'], '' | undefined>
export type PointsSummary = Answer<Schemas['PointsSummary']>
export type PointsEntry = Answer<Schemas['EntryDocument']>
export type PointsRule = Answer<Schemas['RuleEntry']>
export type PointsClaim = Answer<Schemas['ClaimDocument']>
export type PointsReward = Answer<Schemas['RewardEntry']>
export type PointsRedemption = Answer<Schemas['RedemptionDocument']>
export type PointsBoard = Answer<Schemas['BoardDocument']>
export type PointsVote = Answer<Schemas['VoteDocument']>
export type ResidentHome = Answer<Schemas['ResidentDocument']>
export type ResidentHousehold = Answer<Schemas['ResidentHousehold']>
export type NewInvitation = Answer<Schemas['NewInvitation']>
export type SearchHit = Schemas['SearchResult']
export type TagEntry = Answer<Schemas['TagEntry']>
export type ReportField = Schemas['ReportFieldEntry']
export type ReportArea = Schemas['ReportAreaRequest']
export type ReportQuestion = Schemas['ReportQuestionRequest']
export type ReportPage = Schemas['ReportPage']
export type ReportColumn = Schemas['ReportColumn']
export type ReportRow = Schemas['ReportRow']
export type ReportCharts = Schemas['ReportChartsDocument']
export type ReportTagCount = Schemas['ReportTagCount']
export type ReportFormEntry = Answer<Schemas['ReportFormEntry']>
export type ReportForm = Answer<Schemas['ReportFormDocument']>
export type Truth = Schemas['TruthEnum']

export const TRUTHS: readonly Truth[] = ['real', 'misuse', 'device_fault', 'test', 'unknown']

/** Part of the answer to visitors of a demo who are not signed in; not described, because it is no session. */
export interface DemoLogin {
  username: string
  password: string
  role: Words
}

/** A stored track; the description leaves the geometry of its features open. */
export interface Track {
  features: Feature<LineString | Point | null, Answer<Schemas['TrackProperties']>>[]
  summary: Schemas['TrackSummary']
}
