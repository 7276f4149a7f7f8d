/// One request to the sign-in.
struct OAuthCall {
    let world: World
    let request: EmulatorRequest
    let query: Parameters
    let form: Parameters

    init(world: World, request: EmulatorRequest) {
        self.world = world
        self.request = request
        query = Parameters(formEncoded: request.query)
        form = Parameters(formEncoded: String(decoding: request.body, as: UTF8.self))
    }
}
