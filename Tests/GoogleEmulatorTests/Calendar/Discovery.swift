@testable import GoogleEmulator

/// The methods, scopes, parameters and schemas of Google's discovery document, cut down to their
/// names.
///
/// Extracted from `calendar.v3.json`, revision 20261030, as Google's Python client
/// google-api-python-client 2.202.0 (Apache-2.0) bundles it.
enum Discovery {
    struct Method {
        let id: String
        let verb: String
        let path: String
        /// The schema of the answer; `-` if it has no body.
        let answer: String
        var scopes: [String] = []
        var parameters: [Parameter] = []
    }

    struct Parameter {
        let name: String
        let kind: Kind
        let isRepeated: Bool
        let isRequired: Bool

        enum Kind: Character {
            case boolean = "b"
            case integer = "i"
            case string = "s"
            /// One of a few words.
            case word = "e"
        }
    }

    static let methods: [Method] = {
        var methods: [Method] = []
        for line in methodText.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words[0] != "|" {
                methods.append(
                    Method(id: words[0], verb: words[1], path: words[2], answer: words[3]))
            } else if words[1] == "scopes" {
                methods[methods.count - 1].scopes += words.dropFirst(2)
            } else {
                methods[methods.count - 1].parameters += words.dropFirst(2).compactMap(parameter)
            }
        }
        return methods
    }()

    private static func parameter(_ word: String) -> Parameter? {
        let parts = word.split(separator: ":")
        guard parts.count == 2, let first = parts[1].first,
            let kind = Parameter.Kind(rawValue: first)
        else { return nil }
        return Parameter(
            name: String(parts[0]), kind: kind, isRepeated: parts[1].contains("+"),
            isRequired: parts[1].contains("!"))
    }

    /// The members of each schema that an answer can hold.
    static let schemas: [String: Set<String>] = {
        var schemas: [String: Set<String>] = [:]
        for line in schemaText.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            schemas[words[0], default: []].formUnion(words.dropFirst())
        }
        return schemas
    }()

    private static let methodText = """
        acl.delete DELETE calendars/{calendarId}/acl/{ruleId} -
        | scopes calendar calendar.acls
        acl.get GET calendars/{calendarId}/acl/{ruleId} AclRule
        | scopes calendar calendar.acls calendar.acls.readonly calendar.readonly
        acl.insert POST calendars/{calendarId}/acl AclRule
        | scopes calendar calendar.acls
        | parameters sendNotifications:b
        acl.list GET calendars/{calendarId}/acl Acl
        | scopes calendar calendar.acls calendar.acls.readonly
        | parameters maxResults:i pageToken:s showDeleted:b syncToken:s
        acl.patch PATCH calendars/{calendarId}/acl/{ruleId} AclRule
        | scopes calendar calendar.acls
        | parameters sendNotifications:b
        acl.update PUT calendars/{calendarId}/acl/{ruleId} AclRule
        | scopes calendar calendar.acls
        | parameters sendNotifications:b
        acl.watch POST calendars/{calendarId}/acl/watch Channel
        | scopes calendar calendar.acls calendar.acls.readonly
        | parameters maxResults:i pageToken:s showDeleted:b syncToken:s
        calendarList.delete DELETE users/me/calendarList/{calendarId} -
        | scopes calendar calendar.app.created calendar.calendarlist
        calendarList.get GET users/me/calendarList/{calendarId} CalendarListEntry
        | scopes calendar calendar.app.created calendar.calendarlist calendar.calendarlist.readonly
        | scopes calendar.readonly
        calendarList.insert POST users/me/calendarList CalendarListEntry
        | scopes calendar calendar.calendarlist
        | parameters colorRgbFormat:b
        calendarList.list GET users/me/calendarList CalendarList
        | scopes calendar calendar.calendarlist calendar.calendarlist.readonly calendar.readonly
        | parameters maxResults:i minAccessRole:e pageToken:s showDeleted:b showHidden:b
        | parameters showOwnOrganizationOnly:b syncToken:s
        calendarList.patch PATCH users/me/calendarList/{calendarId} CalendarListEntry
        | scopes calendar calendar.app.created calendar.calendarlist
        | parameters colorRgbFormat:b
        calendarList.update PUT users/me/calendarList/{calendarId} CalendarListEntry
        | scopes calendar calendar.app.created calendar.calendarlist
        | parameters colorRgbFormat:b
        calendarList.watch POST users/me/calendarList/watch Channel
        | scopes calendar calendar.calendarlist calendar.calendarlist.readonly calendar.readonly
        | parameters maxResults:i minAccessRole:e pageToken:s showDeleted:b showHidden:b
        | parameters showOwnOrganizationOnly:b syncToken:s
        calendars.clear POST calendars/{calendarId}/clear -
        | scopes calendar calendar.calendars
        calendars.delete DELETE calendars/{calendarId} -
        | scopes calendar calendar.app.created calendar.calendars
        calendars.get GET calendars/{calendarId} Calendar
        | scopes calendar calendar.app.created calendar.calendars calendar.calendars.readonly
        | scopes calendar.readonly
        calendars.insert POST calendars Calendar
        | scopes calendar calendar.app.created calendar.calendars
        calendars.patch PATCH calendars/{calendarId} Calendar
        | scopes calendar calendar.app.created calendar.calendars
        calendars.transferOwnership POST calendars/{calendarId}/transferOwnership -
        | scopes calendar calendar.calendars
        | parameters newDataOwner:s! useAdminAccess:b!
        calendars.update PUT calendars/{calendarId} Calendar
        | scopes calendar calendar.app.created calendar.calendars
        channels.stop POST channels/stop -
        | scopes calendar calendar.acls calendar.acls.readonly calendar.app.created
        | scopes calendar.calendarlist calendar.calendarlist.readonly calendar.events
        | scopes calendar.events.freebusy calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.events.readonly calendar.readonly
        | scopes calendar.settings calendar.settings.readonly
        colors.get GET colors Colors
        | scopes calendar calendar.app.created calendar.calendarlist calendar.calendarlist.readonly
        | scopes calendar.events.freebusy calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.readonly
        events.delete DELETE calendars/{calendarId}/events/{eventId} -
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters sendNotifications:b sendUpdates:e
        events.get GET calendars/{calendarId}/events/{eventId} Event
        | scopes calendar calendar.app.created calendar.events calendar.events.freebusy
        | scopes calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.events.readonly calendar.readonly
        | parameters alwaysIncludeEmail:b maxAttendees:i timeZone:s
        events.import POST calendars/{calendarId}/events/import Event
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters conferenceDataVersion:i eventLabelVersion:i supportsAttachments:b
        events.insert POST calendars/{calendarId}/events Event
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters conferenceDataVersion:i eventLabelVersion:i maxAttendees:i sendNotifications:b
        | parameters sendUpdates:e supportsAttachments:b
        events.instances GET calendars/{calendarId}/events/{eventId}/instances Events
        | scopes calendar calendar.app.created calendar.events calendar.events.freebusy
        | scopes calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.events.readonly calendar.readonly
        | parameters alwaysIncludeEmail:b maxAttendees:i maxResults:i originalStart:s pageToken:s
        | parameters showDeleted:b timeMax:s timeMin:s timeZone:s
        events.list GET calendars/{calendarId}/events Events
        | scopes calendar calendar.app.created calendar.events calendar.events.freebusy
        | scopes calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.events.readonly calendar.readonly
        | parameters alwaysIncludeEmail:b eventTypes:e+ iCalUID:s maxAttendees:i maxResults:i
        | parameters orderBy:e pageToken:s privateExtendedProperty:s+ q:s sharedExtendedProperty:s+
        | parameters showDeleted:b showHiddenInvitations:b singleEvents:b syncToken:s timeMax:s
        | parameters timeMin:s timeZone:s updatedMin:s
        events.move POST calendars/{calendarId}/events/{eventId}/move Event
        | scopes calendar calendar.events calendar.events.owned
        | parameters destination:s! sendNotifications:b sendUpdates:e
        events.patch PATCH calendars/{calendarId}/events/{eventId} Event
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters alwaysIncludeEmail:b conferenceDataVersion:i eventLabelVersion:i
        | parameters maxAttendees:i sendNotifications:b sendUpdates:e supportsAttachments:b
        events.quickAdd POST calendars/{calendarId}/events/quickAdd Event
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters sendNotifications:b sendUpdates:e text:s!
        events.update PUT calendars/{calendarId}/events/{eventId} Event
        | scopes calendar calendar.app.created calendar.events calendar.events.owned
        | parameters alwaysIncludeEmail:b conferenceDataVersion:i eventLabelVersion:i
        | parameters maxAttendees:i sendNotifications:b sendUpdates:e supportsAttachments:b
        events.watch POST calendars/{calendarId}/events/watch Channel
        | scopes calendar calendar.app.created calendar.events calendar.events.freebusy
        | scopes calendar.events.owned calendar.events.owned.readonly
        | scopes calendar.events.public.readonly calendar.events.readonly calendar.readonly
        | parameters alwaysIncludeEmail:b eventTypes:e+ iCalUID:s maxAttendees:i maxResults:i
        | parameters orderBy:e pageToken:s privateExtendedProperty:s+ q:s sharedExtendedProperty:s+
        | parameters showDeleted:b showHiddenInvitations:b singleEvents:b syncToken:s timeMax:s
        | parameters timeMin:s timeZone:s updatedMin:s
        freebusy.query POST freeBusy FreeBusyResponse
        | scopes calendar calendar.events.freebusy calendar.freebusy calendar.readonly
        settings.get GET users/me/settings/{setting} Setting
        | scopes calendar calendar.readonly calendar.settings calendar.settings.readonly
        settings.list GET users/me/settings Settings
        | scopes calendar calendar.readonly calendar.settings calendar.settings.readonly
        | parameters maxResults:i pageToken:s syncToken:s
        settings.watch POST users/me/settings/watch Channel
        | scopes calendar calendar.readonly calendar.settings calendar.settings.readonly
        | parameters maxResults:i pageToken:s syncToken:s
        """

    private static let schemaText = """
        Acl etag items:AclRule kind nextPageToken nextSyncToken
        AclRule etag id kind role scope:AclRule.scope
        AclRule.scope type value
        Calendar autoAcceptInvitations conferenceProperties:ConferenceProperties dataOwner
        Calendar description etag id kind labelProperties:LabelProperties location summary timeZone
        Calendar workingHours:Calendar.workingHours
        Calendar.workingHours availableTimes:Calendar.workingHours.availableTimes
        Calendar.workingHours workingHoursEnabled
        Calendar.workingHours.availableTimes dayOfWeek periodEnd periodStart
        CalendarList etag items:CalendarListEntry kind nextPageToken nextSyncToken
        CalendarListEntry accessRole autoAcceptInvitations backgroundColor colorId
        CalendarListEntry conferenceProperties:ConferenceProperties dataOwner
        CalendarListEntry defaultReminders:EventReminder deleted description etag foregroundColor
        CalendarListEntry hidden id kind location
        CalendarListEntry notificationSettings:CalendarListEntry.notificationSettings primary
        CalendarListEntry selected summary summaryOverride timeZone
        CalendarListEntry.notificationSettings notifications:CalendarNotification
        CalendarNotification method type
        Channel address expiration id kind params:*Scalar payload resourceId resourceUri token type
        ColorDefinition background foreground
        Colors calendar:*ColorDefinition event:*ColorDefinition kind updated
        ConferenceData conferenceId conferenceSolution:ConferenceSolution
        ConferenceData createRequest:CreateConferenceRequest entryPoints:EntryPoint notes
        ConferenceData parameters:ConferenceParameters signature
        ConferenceParameters addOnParameters:ConferenceParametersAddOnParameters
        ConferenceParametersAddOnParameters parameters:*Scalar
        ConferenceProperties allowedConferenceSolutionTypes
        ConferenceRequestStatus statusCode
        ConferenceSolution iconUri key:ConferenceSolutionKey name
        ConferenceSolutionKey type
        CreateConferenceRequest conferenceSolutionKey:ConferenceSolutionKey requestId
        CreateConferenceRequest status:ConferenceRequestStatus
        EntryPoint accessCode entryPointFeatures entryPointType label meetingCode passcode password
        EntryPoint pin regionCode uri
        Error domain reason
        Event anyoneCanAddSelf attachments:EventAttachment attendees:EventAttendee attendeesOmitted
        Event birthdayProperties:EventBirthdayProperties colorId conferenceData:ConferenceData
        Event created creator:Event.creator description end:EventDateTime endTimeUnspecified etag
        Event eventLabelId eventType extendedProperties:Event.extendedProperties
        Event focusTimeProperties:EventFocusTimeProperties gadget:Event.gadget
        Event guestsCanInviteOthers guestsCanModify guestsCanSeeOtherGuests hangoutLink htmlLink
        Event iCalUID id kind location locked organizer:Event.organizer
        Event originalStartTime:EventDateTime outOfOfficeProperties:EventOutOfOfficeProperties
        Event privateCopy recurrence recurringEventId reminders:Event.reminders sequence
        Event source:Event.source start:EventDateTime status summary transparency updated
        Event visibility workingLocationProperties:EventWorkingLocationProperties
        Event.creator displayName email id self
        Event.extendedProperties private:*Scalar shared:*Scalar
        Event.gadget display height iconLink link preferences:*Scalar title type width
        Event.organizer displayName email id self
        Event.reminders overrides:EventReminder useDefault
        Event.source title url
        EventAttachment fileId fileUrl iconLink mimeType title
        EventAttendee additionalGuests asyncOperation comment displayName email id optional
        EventAttendee organizer resource responseStatus self
        EventBirthdayProperties contact customTypeName type
        EventDateTime date dateTime timeZone
        EventFocusTimeProperties autoDeclineMode chatStatus declineMessage
        EventLabel backgroundColor id name
        EventOutOfOfficeProperties autoDeclineMode declineMessage
        EventReminder method minutes
        EventWorkingLocationProperties customLocation:EventWorkingLocationProperties.customLocation
        EventWorkingLocationProperties homeOffice:Any
        EventWorkingLocationProperties officeLocation:EventWorkingLocationProperties.officeLocation
        EventWorkingLocationProperties type
        EventWorkingLocationProperties.customLocation label
        EventWorkingLocationProperties.officeLocation buildingId deskId floorId floorSectionId
        EventWorkingLocationProperties.officeLocation label
        Events accessRole defaultReminders:EventReminder description etag items:Event kind
        Events nextPageToken nextSyncToken summary timeZone updated
        FreeBusyCalendar busy:TimePeriod errors:Error
        FreeBusyGroup calendars errors:Error
        FreeBusyResponse calendars:*FreeBusyCalendar groups:*FreeBusyGroup kind timeMax timeMin
        LabelProperties eventLabels:EventLabel
        Setting etag id kind value
        Settings etag items:Setting kind nextPageToken nextSyncToken
        TimePeriod end start
        """
}
