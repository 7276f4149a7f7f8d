import LosslessJSON
import Testing

/// What the library's landing page shows.
@Suite struct LandingPageTests {
    @Test func `a value comes out as it went in, and patches lead from one to another`() throws {
        var event = try JSON(parsing: #"{"summary": "Lunch", "price": 1.50, "x-own": [true]}"#)
        event["summary"] = "Dinner"
        #expect(event.text == #"{"summary":"Dinner","price":1.50,"x-own":[true]}"#)
        let patch = JSON.patch(from: ["summary": "Dinner", "place": "Nantes"], to: event)
        #expect(patch["place"] == .null && event.merging(patch)["summary"] == "Dinner")
    }
}
