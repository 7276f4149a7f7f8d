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
        case "freebusy.query": "FreeBusy"
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
        Events kind etag summary description updated timeZone accessRole nextPageToken
        Events defaultReminders:Reminder nextSyncToken items:Event
        Event kind etag id status htmlLink created updated summary description location colorId
        Event eventLabelId creator:Person organizer:Person start:Time end:Time endTimeUnspecified
        Event recurrence recurringEventId originalStartTime:Time transparency visibility iCalUID
        Event sequence attendees:Attendee attendeesOmitted extendedProperties:Properties
        Event hangoutLink conferenceData:Conference gadget anyoneCanAddSelf guestsCanInviteOthers
        Event guestsCanModify guestsCanSeeOtherGuests privateCopy locked reminders:Reminders
        Event source:Source attachments:Attachment birthdayProperties eventType
        Event focusTimeProperties outOfOfficeProperties workingLocationProperties
        Person id email displayName self
        Time date dateTime timeZone
        Attendee id email displayName organizer self resource optional responseStatus comment
        Attendee additionalGuests asyncOperation
        Properties private shared
        Conference conferenceId conferenceSolution createRequest entryPoints notes parameters
        Conference signature
        Reminders useDefault overrides:Reminder
        Reminder method minutes
        Source url title
        Attachment fileUrl title mimeType iconLink fileId
        CalendarList kind etag nextPageToken nextSyncToken items:CalendarListEntry
        CalendarListEntry kind etag id summary description location timeZone dataOwner
        CalendarListEntry summaryOverride colorId backgroundColor foregroundColor hidden selected
        CalendarListEntry accessRole defaultReminders:Reminder notificationSettings primary deleted
        CalendarListEntry conferenceProperties labelProperties autoAcceptInvitations workingHours
        Calendar kind etag id summary description location timeZone dataOwner
        Calendar conferenceProperties labelProperties autoAcceptInvitations workingHours
        Acl kind etag nextPageToken nextSyncToken items:AclRule
        AclRule kind etag id scope:AclScope role
        AclScope type value
        Settings kind etag nextPageToken nextSyncToken items:Setting
        Setting kind etag id value
        Colors kind updated calendar event
        FreeBusy kind timeMin timeMax calendars groups
        """
}
