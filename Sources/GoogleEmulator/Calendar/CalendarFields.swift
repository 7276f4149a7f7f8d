extension FieldSchema {
    /// The names of the Calendar API.
    ///
    /// - SeeAlso: Google's discovery document of the Calendar API, `schemas`.
    static let calendar = FieldSchema(calendarText) { methodID in
        switch methodID {
        case "events.list", "events.instances": "Events"
        case "calendarList.list": "CalendarList"
        case "acl.list": "Acl"
        case "settings.list": "Settings"
        case "colors.get": "Colors"
        case "freebusy.query": "FreeBusyResponse"
        case "events.watch", "acl.watch", "calendarList.watch", "settings.watch": "Channel"
        default:
            switch methodID.prefix(while: { $0 != "." }) {
            case "events": "Event"
            case "calendarList": "CalendarListEntry"
            case "calendars": "Calendar"
            case "acl": "AclRule"
            case "settings": "Setting"
            default: "Any"
            }
        }
    }

    private static let calendarText = """
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
        CalendarListEntry labelProperties:LabelProperties workingHours:Calendar.workingHours
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
